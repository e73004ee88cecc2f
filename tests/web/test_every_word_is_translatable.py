"""No visible word escapes gettext: walks the text and the attributes of our pages, the sentences of the code that makes
them, and the scripts.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.web.messages_in_source import KEYWORDS, WEB

pytestmark = pytest.mark.same_on_any_database("reads the source")

PAGES = sorted((WEB / "pages").rglob("*.html")) + sorted((WEB / "sign_in").rglob("*.html"))
SCRIPTS = sorted((WEB / "static").rglob("*.js"))
SPOKEN = frozenset({"placeholder", "aria-label", "title", "alt", "data-label"})
LETTER = re.compile(r"[^\W\d_]")

# What is the same in every language, and why.
SAME_IN_EVERY_LANGUAGE = {
    "Hoofbeat": "the name of the product",
    "MB": "a unit",
    "SHA-256": "the name of a hash",
}
# A macro that gives attributes, or a tag whose marks hold a tag of their own, leaves these in the text.
_ATTRIBUTE = re.compile(r"[\w-]+=\"[^\"]*\"|^\s*[a-z ]+>\s*$|^\s*>\s*$")
_TEMPLATE = re.compile(r"\{%\s*comment\s*%\}.*?\{%\s*endcomment\s*%\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_BLOCKTRANS = re.compile(r"\{%\s*blocktrans.*?endblocktrans(?:late)?\s*%\}", re.DOTALL)

# Python whose words no page shows, and why.
NOT_SHOWN_ON_A_PAGE = {
    "running/": "the command line, which speaks English",
    "configuration.py": "the command line, which speaks English",
    "access/actions/installation.py": "answers the command line",
    "oidc/": "refusals of a provider's answer and of the settings, for whoever runs the machine",
    "audit/chain.py": "the findings of `hoofbeat audit verify`",
    "audit/models.py": "programming errors",
    "records/counted.py": "a question to the database",
    "demo/": "what the fictional people wrote, in the language they wrote it in",
    "settings.py": "settings",
}
# Calls whose sentences no page shows: events say for themselves in English what was read.
QUIET_CALLS = frozenset(
    {
        "read",
        "read_thing",
        "open_page",
        "open_page_of",
        "Http404",
        "AssertionError",
        "ValueError",
        "TypeError",
        "KeyError",
    }
)
QUIET_TEXTS = {
    "attachment; filename=": "a header",
    "sandbox; default-src": "a header",
    "your role does not include ": "is caught by the guard, which shows the page 403",
    "j F Y": "a pattern of dates",
    "not invited": "why the sign-in at a provider failed, for the log",
    "own copy": "the form of a disclosure, as it is stored",
    '<span lang="en"': "markup",
    "a record could not be looked at again": "a log",
    "no record was looked at again": "a log",
    r"\bwhole[- ]?genome\b": "a pattern of names",
    "how all findings together fit": "what the room of diagnosis calls a row; translated beside it",
    "age and onset": "the same", "a gene is known for the disease": "the same", "how often it is reported": "the same",
}  # fmt: skip


class Visible(HTMLParser):
    """Collects the text and the spoken attributes of a page whose template marks are blanked."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes that are read aloud or shown."""
        self.silent += tag in ("script", "style")
        self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        """Scripts and styles are no text."""
        self.silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        """A piece of text."""
        if not self.silent:
            self.found.append(data)


def bare_words(template: str) -> list[str]:
    """The words of a template that stand outside its translated messages."""
    visible = Visible()
    visible.feed(_TEMPLATE.sub(" ", _BLOCKTRANS.sub(" ", template)))
    cleaned = (" ".join(_ATTRIBUTE.sub("", _ATTRIBUTE.sub("", piece)).split()) for piece in visible.found)
    left = []
    for piece in cleaned:
        for known in SAME_IN_EVERY_LANGUAGE:
            piece = re.sub(rf"\b{re.escape(known)}\b", "", piece)
        if LETTER.search(piece):
            left.append(piece)
    return left


def bare_strings_in_marks(template: str) -> list[str]:
    """English sentences within `{{ }}` and `{% %}` that no gettext takes: two words or more, in quotes."""
    found = []
    for mark in re.findall(r"\{\{.*?\}\}|\{%.*?%\}", re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL), re.DOTALL):
        outside = re.sub(r"(?:_|ngettext)\((?:\s*(?:\"[^\"]*\"|'[^']*')\s*,?)+", "", mark)
        outside = re.sub(r"\{%-?\s*trans\s+(?:\"[^\"]*\"|'[^']*')", "", outside)
        for double, single in re.findall(r"\"([^\"]*)\"|'([^']*)'", outside):
            text = double or single
            if re.search(r"[a-z]{2,} [a-z]{2,}", text) and "--" not in text and not text.startswith("Abnormality of"):
                found.append(text)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(WEB)))
def test_no_word_of_a_page_escapes_translation(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert bare_words(text) == []
    assert bare_strings_in_marks(text) == []


def test_a_bare_word_would_be_found() -> None:
    assert bare_words('<p>{{ _("Kept") }} Lost</p>') == ["Lost"]
    assert bare_words('<input placeholder="Search here">') == ["Search here"]
    assert bare_words('<a title="{{ word }}">Hoofbeat</a>') == []
    assert bare_strings_in_marks('{{ "not for you" if x else _("for you") }}') == ["not for you"]


def sentences(source: str) -> Iterator[tuple[int, str]]:
    """The sentences of a module that no gettext takes: text with two words or more that is no documentation."""
    tree = ast.parse(source)
    quiet: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            quiet.add(id(node.value))
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called in KEYWORDS or called in QUIET_CALLS:
                quiet.update(id(part) for part in ast.walk(node))
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)) or id(node) in quiet:
            continue
        if re.search(r"[a-zA-Z]{2,}[,;:.]? [a-zA-Z(“%]", node.value):
            yield node.lineno, node.value


def modules() -> Iterator[Path]:
    for module in sorted(WEB.rglob("*.py")):
        place = module.relative_to(WEB).as_posix()
        if "migrations" not in module.parts and not place.startswith(tuple(NOT_SHOWN_ON_A_PAGE)):
            yield module


def test_no_sentence_of_a_view_an_action_or_a_model_escapes_translation() -> None:
    bare = [
        f"{module.relative_to(WEB)}:{line}: {text}"
        for module in modules()
        for line, text in sentences(module.read_text(encoding="utf-8"))
        if not any(known in text for known in QUIET_TEXTS)
    ]
    assert bare == []


def test_no_refusal_and_no_notice_is_said_in_a_bare_string() -> None:
    """Single words too, where they are certainly shown."""
    bare = []
    for module in modules():
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = ast.unparse(node.func)
            said = node.args[-1] if name.startswith("messages.") else node.args[0]
            shown = name == "RefusedError" or re.fullmatch(r"messages\.(success|error|info|warning)", name)
            if shown and isinstance(said, (ast.Constant, ast.JoinedStr)):
                bare.append(f"{module.relative_to(WEB)}:{node.lineno}")
    assert bare == []


def test_the_choices_of_models_are_translatable() -> None:
    """`NAME = "value", "label"` within a TextChoices would be shown as it is."""
    bare = []
    for module in modules():
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and any("TextChoices" in ast.unparse(base) for base in node.bases):
                for line in node.body:
                    if isinstance(line, ast.Assign) and not (
                        isinstance(line.value, ast.Tuple) and isinstance(line.value.elts[1], ast.Call)
                    ):
                        bare.append(f"{module.relative_to(WEB)}:{line.lineno}")
    assert bare == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_takes_its_words_from_the_page(script: Path) -> None:
    text = re.sub(r"^\s*//.*$", "", script.read_text(encoding="utf-8"), flags=re.MULTILINE)
    quoted = [one[1:-1] for one in re.findall(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`", text)]
    # Selectors and names of events have no two words side by side that begin with a letter each, but these.
    sentences_ = [one for one in quoted if re.search(r"[A-Za-z]{2,} [a-z]{2,}", one) and not re.search(r"[\[#.:]", one)]
    classes = {"notice notice--warning"}
    assert [one for one in sentences_ if one not in classes] == []
