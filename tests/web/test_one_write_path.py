"""Nothing saves but the actions, which check the permission and leave an event; and the few places named here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from hoofbeat.web import pages

WEB = Path(pages.__file__).resolve().parent.parent

SAVES = {
    "save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "aget_or_create", "delete",
}  # fmt: skip

# What writes outside the actions, each with its reason.
EXCEPTED = {
    "access/models.py": "the manager that Django's own commands and sign-in make accounts through",
    "audit/chain.py": "the events themselves, and the lines of lists that were looked at",
    "audit/models.py": "an event saves itself once, and refuses to be saved again",
    "pages/environment.py": "no rows: what every template can name",
    "running/jobs.py": "rows of finished jobs are removed after a while",
    "running/planned.py": "the row of a job that waits",
    "running/restore.py": "a whole backup, row by row, before anybody can sign in",
    "running/worker.py": "the state of a job that was tried",
}


def writes(module: Path) -> Iterator[int]:
    """The lines of a module on which rows are saved, changed or removed. `update` with names is a query's; a
    dictionary's is given another dictionary.
    """
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, named = node.func.attr, bool(node.keywords) and not node.args
        if (name in SAVES and not _is_a_picture(node)) or (name == "update" and named):
            yield node.lineno


def _is_a_picture(node: ast.Call) -> bool:
    """Whether what is saved goes to the stream in brackets: `picture.save(made)`."""
    return node.func.attr == "save" and len(node.args) == 1 and not node.keywords  # type: ignore[attr-defined]


def test_rows_are_saved_by_actions_alone() -> None:
    modules = [one for one in WEB.rglob("*.py") if not {"migrations", "actions"} & set(one.relative_to(WEB).parts)]
    found = {module.relative_to(WEB).as_posix(): lines for module in modules if (lines := list(writes(module)))}
    assert found.keys() == EXCEPTED.keys(), {name: found[name] for name in found.keys() - EXCEPTED.keys()}


def test_the_look_at_a_module_sees_every_way_to_save(tmp_path: Path) -> None:
    module = tmp_path / "view.py"
    module.write_text(
        "record.save()\nRow.objects.create(a=1)\nrows.filter(pk=1).update(ended=now)\nrows.delete()\n"
        "picture.save(made)\nseen.update(new)\nplaces.update(dict(a=1))\n",
        encoding="utf-8",
    )
    assert list(writes(module)) == [1, 2, 3, 4]
