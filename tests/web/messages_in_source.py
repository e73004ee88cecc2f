"""Every message that the application can show, read from its source: Python, our Jinja2 pages and the sign-in pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_file

import hoofbeat.web

WEB = Path(hoofbeat.web.__file__).parent
Message = str | tuple[str, ...]
# What a family and everybody who signs in can meet. The screens of the clinic are English for now.
FOR_FAMILIES = (
    "pages/portal", "pages/access/invitation.html", "pages/access/no_such_letter.html", "pages/layout.html",
    "pages/environment.py", "pages/parts.html", "pages/403.html", "pages/404.html", "pages/500.html",
    "pages/form_too_old.html", "sign_in", "portal", "page.py", "upload.py", "access/plain_words.py",
    "access/invitation_mail.py", "access/views/letters.py", "access/passkey_form.py", "records/consent_words.py",
    "records/actions/consent.py", "records/actions/story.py", "records/actions/messages.py",
)  # fmt: skip
_TRANS = re.compile(r"""\{%-?\s*trans(?:late)?\s+(?:"([^"]+)"|'([^']+)')""")
_BLOCK = re.compile(
    r"\{%\s*blocktrans(?:late)?\b[^%]*%\}(.*?)(?:\{%\s*plural\s*%\}(.*?))?\{%\s*endblocktrans(?:late)?\s*%\}", re.DOTALL
)
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def messages(places: tuple[str, ...] = FOR_FAMILIES) -> set[Message]:
    """The messages under some places: a text, or its singular and plural."""
    found: set[Message] = set()
    for place in places:
        at = WEB / place
        files = [at] if at.is_file() else [one for one in at.rglob("*") if one.suffix in (".py", ".html", ".txt")]
        for file in files:
            found.update(_messages_of(file))
    return found


def _messages_of(file: Path) -> Iterator[Message]:
    if "sign_in/" in file.as_posix():
        yield from _django(file.read_text(encoding="utf-8"))
        return
    method = "python" if file.suffix == ".py" else "jinja2.ext:babel_extract"
    for _line, message, _comments, _context in extract_from_file(method, str(file)):
        yield message if isinstance(message, str) else tuple(part for part in message if part)


def _django(text: str) -> Iterator[Message]:
    for double, single in _TRANS.findall(text):
        yield double or single
    for one, several in _BLOCK.findall(text):
        forms = tuple(_VARIABLE.sub(r"%(\1)s", form) for form in (one, several) if form)
        yield forms if len(forms) > 1 else forms[0]
