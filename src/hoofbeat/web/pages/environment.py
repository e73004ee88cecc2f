"""The Jinja2 environment of all our pages: escaping on, undefined names are errors."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import formats, timezone, translation
from jinja2 import Environment, StrictUndefined
from jinja2.filters import do_mark_safe

from hoofbeat.diagnosis.share_words import whole_percent
from hoofbeat.web.access.plain_words import role_name
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.pages.english import english

# A page asks for some hundred texts and addresses, and mostly for the same ones as the page before.
KEPT_TEXTS = 8192
KEPT_ADDRESSES = 4096


def environment(**options: Any) -> Environment:
    """Django calls this once; `options` are its own (loader, escaping)."""
    ours = {"undefined": StrictUndefined, "extensions": ["jinja2.ext.i18n"], "trim_blocks": True, "lstrip_blocks": True}
    made = Environment(**(options | ours))
    made.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translation.gettext, ngettext=translation.ngettext, newstyle=True
    )
    made.globals["_"] = _text
    made.globals.update(
        static=static,
        url=_url,
        url_or_none=_url_or_none,
        messages_of=get_messages,
        language=translation.get_language,
        today=timezone.localdate,
        site_languages=lambda: settings.LANGUAGES,
        is_rtl=translation.get_language_bidi,
        P=Permission,
        role_name=role_name,
    )
    made.filters.update(
        day=lambda value: formats.date_format(_local(value), translation.gettext("j F Y")),
        day_of_month=lambda value: formats.date_format(_local(value), translation.gettext("j F")),
        month=lambda value: formats.date_format(_local(value), translation.gettext("F Y")),
        moment=lambda value: formats.date_format(_local(value), translation.gettext("j F Y, H:i")),
        percent=whole_percent,
        size=filesizeformat,
        english=english,
        capitalized=capitalized,
        number=lambda value: formats.number_format(value, force_grouping=True),
        language_name=language_name,
    )
    return made


def capitalized(text: str) -> str:
    """With a capital first letter, and the others as they are: many a language has capitals within."""
    return str(text)[:1].upper() + str(text)[1:]


def language_name(code: str) -> str:
    """The name of a language in the language of the page; the code where Django has no name."""
    try:
        return str(translation.get_language_info(code)["name_translated"])
    except KeyError:
        return code


def form_token(request: HttpRequest) -> dict[str, Any]:
    """`csrf_input` for the context of a page."""
    return {"csrf_input": FormToken(request)}


class FormToken:
    """The hidden field of a form, made once and only where a form asks for it: Django's own is made anew for each form,
    and a page may have a hundred.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _field(self) -> str:
        return str(csrf_input(self._request))

    def __html__(self) -> str:
        """What a template writes."""
        return self._field


def _text(message: str, **named: object) -> str:
    """`_` of the templates: what Jinja's own gives, in a third of the time. A page has some hundreds of texts."""
    language = translation.get_language()
    return _marked(language, message) % named if named else _translated(language, message)


@lru_cache(maxsize=KEPT_TEXTS)
def _translated(language: str | None, message: str) -> str:
    """A text of a template without places, in the language of the page. `language` is what it is kept by."""
    return _marked(language, message) % {}  # as Jinja has it: a sign for a percentage is written twice in each text


@lru_cache(maxsize=KEPT_TEXTS)
def _marked(language: str | None, message: str) -> str:
    """The same with its places: whatever is put there is escaped, the text itself is ours."""
    return do_mark_safe(translation.gettext(message))


@lru_cache(maxsize=KEPT_ADDRESSES)
def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args, kwargs=kwargs)


def _url_or_none(name: str, *args: Any, **kwargs: Any) -> str | None:
    """An address, or nothing where no page has this name."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return None


def _local(value: Any) -> Any:
    return timezone.localtime(value) if hasattr(value, "tzinfo") and value.tzinfo else value
