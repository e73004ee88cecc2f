"""Finds the forms of a page and fills them in as somebody would, with given words wherever words can be entered."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = {"text", "search", "tel", "textarea", ""}


@dataclass
class Form:
    """One form: where it goes, and what its inputs hold as the page shows it."""

    method: str
    action: str
    values: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)

    def filled(self, words: str) -> dict[str, str]:
        """Its values, with the words in every input that takes any."""
        return {**self.values, **dict.fromkeys(self.typed, words)}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.inside: Form | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = Form(given.get("method", "get").upper(), given.get("action", ""))
            self.forms.append(self.inside)
        form = self.inside
        if form is None:
            return
        name, kind = given.get("name", ""), given.get("type", "")
        if tag == "textarea" and name:
            form.typed.append(name)
        elif tag == "select" and name:
            self.select = name
        elif tag == "option" and self.select:
            if given.get("value") and (self.select not in form.values or "selected" in given):
                form.values[self.select] = given["value"]
        elif tag == "input" and name:
            self._take(form, name, kind, given)

    def _take(self, form: Form, name: str, kind: str, given: dict[str, str]) -> None:
        if kind in TYPED:
            form.typed.append(name)
        elif kind in ("date", "datetime-local"):
            form.values[name] = given.get("value") or ("2027-03-02" if kind == "date" else "2027-03-02T10:00")
        elif kind == "email":
            form.values[name] = given.get("value") or "somebody.new@example.org"
        elif kind == "number":
            form.values[name] = given.get("value") or given.get("min") or "30"
        elif kind in ("radio", "checkbox"):
            if name not in form.values or "checked" in given:
                form.values[name] = given.get("value", "on")
        elif kind != "file":
            form.values[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        elif tag == "select":
            self.select = ""


def forms_in(page: str) -> list[Form]:
    """The forms of a page."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
