"""What holds for every template: nothing inline that the policy would stop, nothing from another host, and every word
translatable and translated.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from jinja2.ext import extract_from_ast

from hoofbeat.web import pages

WEB = Path(pages.__file__).resolve().parent.parent
TEMPLATES = sorted([*(WEB / "pages").rglob("*.html"), *(WEB / "sign_in").rglob("*.html")])
SCRIPTS_AND_STYLES = sorted([*(WEB / "static").rglob("*.css"), *(WEB / "static").rglob("*.js")])
LOCALE = WEB / "locale" / "de" / "LC_MESSAGES" / "django.po"
# The names of what XML and SVG are written in are no addresses that a browser asks.
NAMESPACES = ("http://www.w3.org/",)


def named(path: Path) -> str:
    return str(path.relative_to(WEB))


@pytest.mark.parametrize("template", TEMPLATES, ids=named)
def test_a_template_holds_nothing_inline(template: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.findall(r"<[^>]*\sstyle\s*=", text), "style= is stopped by the policy: use a class"
    assert not re.findall(r"<[^>]*\son\w+\s*=", text), "a handler in markup is stopped by the policy"
    assert not re.findall(r"javascript:", text)
    for opening in re.findall(r"<(?:script|style)\b[^>]*>", text):
        # Data that a script reads is not run.
        data = 'type="application/json"' in opening
        assert "src=" in opening or "nonce=" in opening or data, f"{opening} is inline"
    assert "|safe" not in re.sub(r"\s", "", text), "markup that is not escaped: make it in Python as Markup"


@pytest.mark.parametrize("file", [*TEMPLATES, *SCRIPTS_AND_STYLES], ids=named)
def test_nothing_is_loaded_from_another_host(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    loading = re.findall(r"""(?:src|href|action|hx-\w+)\s*=\s*["']\s*((?:https?:)?//[^"']+)""", text)
    loading += re.findall(r"""(?:url\(|@import|fetch\(|from)\s*["']?((?:https?:)?//[^"')\s]+)""", text)
    outside = [one for one in loading if not one.startswith(NAMESPACES)]
    # A link that one follows by a click is no loading; it is marked so.
    links = re.findall(r"""<a\s[^>]*href\s*=\s*["'](https?://[^"']+)["'][^>]*rel=""", text)
    assert [one for one in outside if one not in links] == []


def words_of_templates() -> Iterator[tuple[str, str]]:
    environment = engines["jinja2"].env  # type: ignore[attr-defined]
    for template in (WEB / "pages").rglob("*.html"):
        tree = environment.parse(template.read_text(encoding="utf-8"))
        for _line, _function, message in extract_from_ast(tree):
            for one in message if isinstance(message, tuple) else (message,):
                if one is not None:
                    yield one, named(template)


def words_of_code() -> Iterator[tuple[str, str]]:
    for module in WEB.rglob("*.py"):
        if "migrations" in module.parts:
            continue
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            count = {"_": 1, "gettext": 1, "gettext_lazy": 1, "ngettext": 2, "ngettext_lazy": 2}.get(node.func.id, 0)
            for given in node.args[:count]:
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield given.value, named(module)


def german() -> dict[str, str]:
    """The catalogue as written, without entries marked as unsure."""
    found: dict[str, str] = {}
    for block in LOCALE.read_text(encoding="utf-8").split("\n\n"):
        if re.search(r"^#,.*fuzzy", block, re.MULTILINE):
            continue
        strings: dict[str, str] = {}
        key = ""
        for line in block.splitlines():
            if opening := re.match(r'(msgid|msgid_plural|msgstr(?:\[\d\])?) (".*")$', line):
                key = opening[1]
                strings[key] = ast.literal_eval(opening[2])
            elif key and line.startswith('"'):
                strings[key] += ast.literal_eval(line)
        told = strings.get("msgstr") or strings.get("msgstr[0]", "")
        for name in ("msgid", "msgid_plural"):
            if name in strings:
                found[strings[name]] = told
    return found


def test_every_word_of_the_portal_has_its_german() -> None:
    if not LOCALE.exists():
        pytest.skip("there is no German catalogue")
    known = german()
    portal = ("pages/portal/", "pages/layout.html", "pages/parts.html", "portal/", "pages/4", "pages/5", "mail.py")
    missing = {
        words
        for words, place in [*words_of_templates(), *words_of_code()]
        if place.startswith(portal) and not known.get(words)
    }
    assert missing == set(), f"add them to {named(LOCALE)}"


def test_a_translation_keeps_the_places_for_names_and_numbers() -> None:
    if not LOCALE.exists():
        pytest.skip("there is no German catalogue")
    for words, told in german().items():
        if words and told:
            assert set(re.findall(r"%\(\w+\)\w", words)) == set(re.findall(r"%\(\w+\)\w", told)), words


def test_the_policy_allows_this_host_alone() -> None:
    directives: dict[str, list[object]] = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]  # type: ignore[assignment]
    for name, sources in dict(directives).items():
        for source in sources:
            assert not str(source).startswith(("http", "*")), name
            assert "unsafe" not in str(source), name
