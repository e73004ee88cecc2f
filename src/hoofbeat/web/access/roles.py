"""What each kind of person may do, as data. A role alone opens no record: a relation to it does (`relations.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody is to a clinic or to a record."""

    CLINICIAN = "clinician"
    COUNSELLOR = "counsellor"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    RESEARCHER = "researcher"
    PATIENT = "patient"
    PROXY = "proxy"


class Permission(StrEnum):
    """One thing that can be done; named noun:verb, as audit events are."""

    READ = "record:read"
    CREATE_RECORD = "record:create"
    DESCRIBE = "record:describe"  # demographics, family, tests, lifestyle, preferences
    FIND = "finding:add"
    CONFIRM_TOLD = "finding:confirm_told"
    RANK = "differential:read"
    DIAGNOSE = "diagnosis:confirm"
    RELEASE = "differential:release"
    DOCUMENT = "document:add"
    VISIT = "visit:plan"
    MESSAGE = "message:send"
    TEAM = "team:change"
    INVITE = "people:invite"
    IMPORT = "record:import"
    EXPORT = "record:export"
    WHO_LOOKED = "audit:read"
    TELL = "story:tell"
    CONSENT = "consent:give"
    STAFF = "staff:change"
    CASELOAD = "caseload:read"
    BREAK_GLASS = "record:break_glass"
    RESEARCH = "research:read"  # counts and cohorts; opens no record


_CARE = {
    Permission.READ,
    Permission.CREATE_RECORD,
    Permission.DESCRIBE,
    Permission.FIND,
    Permission.CONFIRM_TOLD,
    Permission.RANK,
    Permission.DOCUMENT,
    Permission.VISIT,
    Permission.MESSAGE,
    Permission.TEAM,
    Permission.INVITE,
    Permission.IMPORT,
    Permission.WHO_LOOKED,
    Permission.CASELOAD,
}

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.CLINICIAN: frozenset(
        _CARE | {Permission.DIAGNOSE, Permission.RELEASE, Permission.EXPORT, Permission.BREAK_GLASS}
    ),
    Role.COUNSELLOR: frozenset(_CARE | {Permission.BREAK_GLASS}),
    Role.COORDINATOR: frozenset(
        {
            Permission.READ,
            Permission.CREATE_RECORD,
            Permission.DESCRIBE,
            Permission.DOCUMENT,
            Permission.VISIT,
            Permission.MESSAGE,
            Permission.TEAM,
            Permission.INVITE,
            Permission.CASELOAD,
        }
    ),
    # Runs the clinic's accounts and never opens a record.
    Role.ADMINISTRATOR: frozenset({Permission.STAFF}),
    # Counts and cohorts come with the network; until then a researcher has one page, which says so, and sees no record.
    Role.RESEARCHER: frozenset({Permission.RESEARCH}),
    Role.PATIENT: frozenset(
        {
            Permission.READ,
            Permission.TELL,
            Permission.MESSAGE,
            Permission.CONSENT,
            Permission.WHO_LOOKED,
            Permission.DOCUMENT,
            Permission.EXPORT,
        }
    ),
    # Less the scopes that the proxy was not given.
    Role.PROXY: frozenset(
        {
            Permission.READ,
            Permission.TELL,
            Permission.MESSAGE,
            Permission.CONSENT,
            Permission.WHO_LOOKED,
            Permission.DOCUMENT,
        }
    ),
}

# What a broken glass does not open: it is for hours, and these last or reach outside.
LASTING = frozenset({Permission.TEAM, Permission.INVITE, Permission.EXPORT, Permission.RELEASE})

STAFF_ROLES = (Role.CLINICIAN, Role.COUNSELLOR, Role.COORDINATOR, Role.ADMINISTRATOR, Role.RESEARCHER)
CARE_ROLES = (Role.CLINICIAN, Role.COUNSELLOR, Role.COORDINATOR)


class Scope(StrEnum):
    """What a proxy may do for the patient; the words of the decisions specification, section 7."""

    SEE = "see"
    ANSWER = "answer"
    MESSAGE = "message"
    DECIDE = "decide"


SCOPE_GRANTS: Mapping[Scope, frozenset[Permission]] = {
    Scope.SEE: frozenset({Permission.READ, Permission.WHO_LOOKED}),
    Scope.ANSWER: frozenset({Permission.TELL, Permission.DOCUMENT}),
    Scope.MESSAGE: frozenset({Permission.MESSAGE}),
    Scope.DECIDE: frozenset({Permission.CONSENT}),
}
