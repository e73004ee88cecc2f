"""The addresses that the application really has, and how to fill in their parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.web.url_table import SIGN_IN_PAGES

LIBRARY = "sign-in/"


@cache
def patterns() -> tuple[tuple[str, str], ...]:
    """Name and route of every address of ours, allauth's without a name left out."""
    return tuple(_walk(get_resolver(), ""))


@cache
def _routes() -> dict[str, str]:
    return dict(patterns())


def _walk(resolver: URLResolver, before: str) -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            if one.name or not route.startswith(LIBRARY):
                yield one.name or "", route
        else:
            yield from _walk(one, route)


def parameters(name: str) -> tuple[str, ...]:
    """The parameters in the route of an address."""
    return tuple(re.findall(r"<(?:\w+:)?(\w+)>", _routes()[name]))


def address(name: str, known: Mapping[str, Any]) -> str:
    """The address with its parameters filled in from what is known; others with something that does not exist."""
    route = _routes()[name]
    converters = dict((key, kind) for kind, key in re.findall(r"<(?:(\w+):)?(\w+)>", route))
    values = {}
    for key, kind in converters.items():
        value = known.get(key)
        if kind == "uuid" and not isinstance(value, UUID):
            value = uuid4()
        elif kind == "int" and not isinstance(value, int):
            value = 999_999
        values[key] = value if value is not None else "nothing-known"
    return reverse(name, kwargs=values)


def ours() -> list[str]:
    """The names of all addresses that need a row."""
    return sorted({name for name, _ in patterns()} - SIGN_IN_PAGES)
