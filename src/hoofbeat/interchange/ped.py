"""PED: who is whose child, of which sex, and affected or not.

A pedigree that contradicts itself is refused; whether it contradicts the genotypes is asked later
(`diagnosis.genotype.checks`).
"""

from __future__ import annotations

from pathlib import Path

from hoofbeat.cases.family import MAX_FAMILY_MEMBERS, AffectedStatus, PedigreePerson
from hoofbeat.cases.subject import Sex
from hoofbeat.interchange.report import InputError, Where, shown

MAX_PED_BYTES = 10_000_000
COLUMNS = ("family", "person", "father", "mother", "sex", "affected")
NOBODY = ("0", "-9", ".", "")
_SEX = {"1": Sex.MALE, "2": Sex.FEMALE, "M": Sex.MALE, "F": Sex.FEMALE, "MALE": Sex.MALE, "FEMALE": Sex.FEMALE}
_AFFECTED = {"1": AffectedStatus.UNAFFECTED, "2": AffectedStatus.AFFECTED}
_UNKNOWN = frozenset({"0", "-9", ".", "", "OTHER", "UNKNOWN", "3"})
_REPAIR = "six columns parted by tabs: family, person, father, mother, sex (1 male, 2 female), affected (1 no, 2 yes)"


def read_ped(path: Path) -> tuple[PedigreePerson, ...]:
    """All people of a file, in order; parents that are not in it are empty. Raises InputError with line and column."""
    people: dict[tuple[str, str], tuple[int, PedigreePerson]] = {}
    for number, line in enumerate(_text(path).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        person = _person(line, number)
        key = person.family_id, person.individual_id
        if key in people:
            raise _error(number, "person", "a person stands twice in the family")
        people[key] = number, person
    if not people:
        raise InputError("the file has no person", code="ped-empty", repair=_REPAIR)
    if len(people) > MAX_FAMILY_MEMBERS:
        what = f"the file has over {MAX_FAMILY_MEMBERS:,} people"
        raise InputError(what, code="ped-size", repair="give the family alone")
    for number, person in people.values():
        _check_parents(person, number, people)
    _check_loops(people)
    return tuple(person for _, person in people.values())


def family_of(people: tuple[PedigreePerson, ...], sample: str) -> tuple[PedigreePerson, ...]:
    """The family of a person; empty where the file does not have them. Raises InputError where two families do."""
    families = {person.family_id for person in people if person.individual_id == sample}
    if len(families) > 1:
        raise InputError(
            "two families of the PED file have a person of the sample's name",
            code="ped-family",
            repair="give the person's own family alone",
        )
    return tuple(person for person in people if person.family_id in families)


def _person(line: str, number: int) -> PedigreePerson:
    cells = line.split("\t") if "\t" in line else line.split()
    cells = [cell.strip() for cell in cells]
    if len(cells) < len(COLUMNS):
        raise _error(number, "", f"the line has {len(cells)} columns of 6")
    family, person, father, mother, sex, affected = cells[:6]
    if person in NOBODY:
        raise _error(number, "person", "the person has no name")
    if sex.upper() not in _SEX and sex.upper() not in _UNKNOWN:
        raise _error(number, "sex", "the sex is not 1, 2 or 0")
    if affected not in _AFFECTED and affected not in _UNKNOWN:
        raise _error(number, "affected", "the state is not 1, 2 or 0")
    return PedigreePerson(
        individual_id=person,
        family_id=family,
        paternal_id="" if father in NOBODY else father,
        maternal_id="" if mother in NOBODY else mother,
        sex=_SEX.get(sex.upper(), Sex.UNKNOWN),
        affected_status=_AFFECTED.get(affected, AffectedStatus.MISSING),
    )


def _check_parents(
    person: PedigreePerson, number: int, people: dict[tuple[str, str], tuple[int, PedigreePerson]]
) -> None:
    """Raises InputError where a parent is of the wrong sex, or both are one person."""
    for column, parent_id, wrong in (
        ("father", person.paternal_id, Sex.FEMALE),
        ("mother", person.maternal_id, Sex.MALE),
    ):
        parent = people.get((person.family_id, parent_id))
        if parent is not None and parent[1].sex is wrong:
            raise _error(number, column, f"the {column} is {wrong.value} in line {parent[0]}")
    if person.paternal_id and person.paternal_id == person.maternal_id:
        raise _error(number, "mother", "father and mother are one person")


def _check_loops(people: dict[tuple[str, str], tuple[int, PedigreePerson]]) -> None:
    """Raises InputError where somebody is their own ancestor."""
    done: set[tuple[str, str]] = set()
    for start in people:
        path: list[tuple[str, str]] = []
        waiting: list[tuple[tuple[str, str], bool]] = [(start, False)]
        within: set[tuple[str, str]] = set()
        while waiting:
            key, leaving = waiting.pop()
            if leaving:
                within.discard(path.pop())
                done.add(key)
                continue
            if key in within:
                raise _error(people[key][0], "father", "a person is their own ancestor")
            if key in done or key not in people:
                continue
            path.append(key)
            within.add(key)
            waiting.append((key, True))
            person = people[key][1]
            waiting += [((key[0], one), False) for one in (person.paternal_id, person.maternal_id) if one]


def _error(line: int, column: str, what: str) -> InputError:
    return InputError(what, code="ped", repair=_REPAIR, where=Where(line=line, path=column))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_PED_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"{shown(path, limit=240)}: {error.strerror or 'cannot be read'}", code="no-file", repair="check the name"
        ) from None
    if len(data) > MAX_PED_BYTES:
        raise InputError("the file is over 10 MB", code="too-large", repair="give the family alone")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("this is not UTF-8", code="encoding", repair="write the file as UTF-8") from None
