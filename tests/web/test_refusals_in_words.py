"""Why a file is not taken is said in the page's language: every reason that the readers of files give in English."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from hoofbeat.interchange import attachment
from hoofbeat.web.pages.english import translated
from hoofbeat.web.records import refused_files, refused_genomes

INTERCHANGE = Path(attachment.__file__).parent
# What raises or makes a refusal in the readers of variants, and which of its arguments says what is wrong.
MAKERS = {"InputError": 0, "AttachmentError": 0, "AnnotationError": 1, "refused": 2, "_error": 1, "ValueError": 0}


def reasons(*files: Path) -> Iterator[str]:
    """Every reason that is written in a call of a maker, with 7 for what varies."""
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        named = {
            target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS:
                place = MAKERS[node.func.id]
                if len(node.args) > place:
                    yield from _texts(node.args[place], named)
            elif isinstance(node, ast.FunctionDef) and node.name == "_what_instead":
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return) and inner.value is not None:
                        yield from _texts(inner.value, named)


def _texts(node: ast.expr, named: dict[str, ast.expr]) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body, named)
        yield from _texts(node.orelse, named)
    elif isinstance(node, ast.Name) and isinstance(named.get(node.id), ast.Constant):
        yield from _texts(named[node.id], named)
    elif isinstance(node, ast.JoinedStr):
        whole = ""
        for part in node.values:
            if isinstance(part, ast.Constant):
                whole += str(part.value)
            else:
                assert isinstance(part, ast.FormattedValue)
                inner = list(_texts(part.value, named)) if isinstance(part.value, ast.Name) else []
                whole += inner[0] if inner else "7"
        yield whole


@pytest.mark.parametrize(
    ("files", "sentences", "least"),
    [
        (
            (INTERCHANGE / "attachment.py", INTERCHANGE / "attachment_child.py"),
            refused_files.SENTENCES,
            12,
        ),
        (tuple(sorted((INTERCHANGE / "vcf").glob("*.py"))), refused_genomes.SENTENCES, 25),
    ],
    ids=["documents", "genomes"],
)
def test_every_reason_is_known(files: tuple[Path, ...], sentences: tuple[str, ...], least: int) -> None:
    told = sorted({one for one in reasons(*files) if not one.startswith("7: ")})
    assert len(told) >= least
    with translation.override("de"):
        unknown = [one for one in told if 'lang="en"' in str(translated(one, sentences))]
    assert unknown == []
