"""Every message that the application can show, read from its source: Python, our Jinja2 pages and the sign-in pages."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import allauth
from babel.messages.extract import extract_from_file

import hoofbeat.web

WEB = Path(hoofbeat.web.__file__).parent
Message = str | tuple[str, ...]
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
}  # fmt: skip
_TRANS = re.compile(r"""\{%-?\s*trans(?:late)?\s+(?:"([^"]+)"|'([^']+)')""")
_BLOCK = re.compile(
    r"\{%\s*blocktrans(?:late)?\b[^%]*%\}(.*?)(?:\{%\s*plural\s*%\}(.*?))?\{%\s*endblocktrans(?:late)?\s*%\}", re.DOTALL
)
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@cache
def messages() -> frozenset[Message]:
    """The messages of the application: a text, or its singular and plural. The source is read once a process."""
    found: set[Message] = set()
    for file in WEB.rglob("*"):
        if file.suffix in (".py", ".html", ".txt") and "migrations" not in file.parts:
            found.update(_messages_of(file))
    return frozenset(found)


def allauths() -> list[str]:
    """The messages that allauth has in German."""
    file = Path(allauth.__file__).parent / "locale" / "de" / "LC_MESSAGES" / "django.mo"
    with file.open("rb") as opened:
        held = gettext.GNUTranslations(opened)._catalog  # type: ignore[attr-defined]
    return sorted({key if isinstance(key, str) else key[0] for key in held} - {""})


def _messages_of(file: Path) -> Iterator[Message]:
    if "sign_in/" in file.as_posix():
        yield from _django(file.read_text(encoding="utf-8"))
        return
    method = "python" if file.suffix == ".py" else "jinja2.ext:babel_extract"
    for _line, message, _comments, _context in extract_from_file(method, str(file), keywords=KEYWORDS):
        yield message if isinstance(message, str) else tuple(part for part in message if part)


def _django(text: str) -> Iterator[Message]:
    for double, single in _TRANS.findall(text):
        yield double or single
    for one, several in _BLOCK.findall(text):
        forms = tuple(_VARIABLE.sub(r"%(\1)s", form) for form in (one, several) if form)
        yield forms if len(forms) > 1 else forms[0]
