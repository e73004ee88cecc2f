"""What a browser says of itself, in words: "Firefox on Windows". For whoever looks where they are signed in."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

register = template.Library()

# The first that is named counts: most browsers also name those that they want to be taken for.
_BROWSERS = {
    "Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung", "Firefox/": "Firefox", "FxiOS": "Firefox",
    "Chrome/": "Chrome", "CriOS": "Chrome", "Safari/": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Macintosh": "Mac",
    "CrOS": "ChromeOS", "Linux": "Linux",
}  # fmt: skip


@register.filter
def plain_browser(user_agent: str) -> str:
    """The browser and the system, as far as they are known."""
    browser = next((name for mark, name in _BROWSERS.items() if mark in user_agent), _("an unknown browser"))
    system = next((name for mark, name in _SYSTEMS.items() if mark in user_agent), _("an unknown device"))
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
