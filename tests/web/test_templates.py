"""What holds for every template: nothing inline that the policy would stop, and nothing from another host."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from hoofbeat.web import pages

pytestmark = pytest.mark.same_on_any_database("reads the source")

WEB = Path(pages.__file__).resolve().parent.parent
TEMPLATES = sorted([*(WEB / "pages").rglob("*.html"), *(WEB / "sign_in").rglob("*.html")])
SCRIPTS_AND_STYLES = sorted([*(WEB / "static").rglob("*.css"), *(WEB / "static").rglob("*.js")])
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


def test_the_policy_allows_this_host_alone() -> None:
    directives: dict[str, list[object]] = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]  # type: ignore[assignment]
    for name, sources in dict(directives).items():
        for source in sources:
            assert not str(source).startswith(("http", "*")), name
            assert "unsafe" not in str(source), name
