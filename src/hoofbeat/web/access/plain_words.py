"""Roles, and what a proxy may do, in words that everybody understands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hoofbeat.web.access.country_pack import Basis, CountryPack
from hoofbeat.web.access.roles import Role, Scope


@dataclass(frozen=True)
class ScopeWords:
    """One thing that a proxy may do."""

    key: str
    name: str
    meaning: str


def all_scopes() -> tuple[ScopeWords, ...]:
    """Every scope, in the order in which they are offered."""
    return (
        ScopeWords(Scope.SEE, _("See"), _("read the pages, the visits and the shared documents")),
        ScopeWords(Scope.ANSWER, _("Tell"), _("tell the story and signs, add documents")),
        ScopeWords(Scope.MESSAGE, _("Write"), _("exchange messages with the team")),
        ScopeWords(Scope.DECIDE, _("Decide"), _("decide what may be shared with others, and take it back")),
    )


def scope_words(scopes: Iterable[str]) -> tuple[ScopeWords, ...]:
    """The words of some scopes."""
    given = set(scopes)
    return tuple(one for one in all_scopes() if one.key in given)


def bases(pack: CountryPack) -> tuple[tuple[str, str, str], ...]:
    """Why somebody may act for a patient: what is stored, its name, and what follows from it under a country pack."""
    return (
        (
            Basis.GUARDIAN,
            _("Guardian"),
            _("mother, father or who stands for them; until the patient is %(age)d") % {"age": pack.guardian_to},
        ),
        (
            Basis.INCAPACITY,
            _("The patient cannot decide this"),
            _("looked at again after %(years)d years at the latest; say below how it was found")
            % {"years": pack.incapacity_years},
        ),
        (
            Basis.WISH,
            _("The patient wishes it"),
            _("from %(age)d on; they do not decide for the patient") % {"age": pack.self_from},
        ),
    )


def role_name(role: str) -> str:
    """A role in words. An event without one was the family's; another version's role stays as it is."""
    words = {
        "": _("patient or family"),
        Role.CLINICIAN: _("doctor"),
        Role.COUNSELLOR: _("genetic counsellor or nurse"),
        Role.COORDINATOR: _("coordinator"),
        Role.ADMINISTRATOR: _("administrator"),
        Role.RESEARCHER: _("researcher"),
        Role.PATIENT: _("patient"),
        Role.PROXY: _("acts for the patient"),
    }
    return words.get(role, role)
