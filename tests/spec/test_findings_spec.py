"""How statements of any source become findings, one example a row.

Identifiers and names are those of HPO; the cases are fictional.
"""

from typing import Any

import pytest

from hoofbeat.cases import AttributeKind
from tests.packets import (
    ARACHNODACTYLY,
    GENERALIZED_SEIZURE,
    HYPERMOBILITY,
    SEIZURE,
    UNKNOWN,
    feature,
    packet,
    read,
)

Features = list[dict[str, Any]]


@pytest.mark.parametrize(
    ("features", "observed", "excluded", "codes"),
    [
        pytest.param([feature(ARACHNODACTYLY)], [ARACHNODACTYLY], [], [], id="nothing said: observed"),
        pytest.param([feature(ARACHNODACTYLY, excluded=False)], [ARACHNODACTYLY], [], [], id="not excluded: observed"),
        pytest.param([feature(SEIZURE, excluded=True)], [], [SEIZURE], [], id="excluded: excluded, never observed"),
        pytest.param(
            [feature("HP:0001388", "Joint laxity")],
            [HYPERMOBILITY],
            [],
            ["hpo-replaced"],
            id="obsolete with successor: replaced",
        ),
        pytest.param(
            [feature("HP:0001505", "Long fingers")],
            [ARACHNODACTYLY],
            [],
            ["hpo-alternative"],
            id="alternative identifier: replaced",
        ),
        pytest.param(
            [feature("HP:0008888", "Something"), feature(SEIZURE)],
            [SEIZURE],
            [],
            ["hpo-obsolete"],
            id="obsolete without successor: carried",
        ),
        pytest.param(
            [feature(UNKNOWN, "Something new"), feature(SEIZURE)],
            [SEIZURE],
            [],
            ["hpo-unknown"],
            id="not in this release, perhaps newer: carried",
        ),
        pytest.param(
            [feature(ARACHNODACTYLY, "Seizure")],
            [ARACHNODACTYLY],
            [],
            ["label-mismatch"],
            id="label of another term: the identifier wins",
        ),
        pytest.param(
            [feature(ARACHNODACTYLY, "long, slender FINGERS")], [ARACHNODACTYLY], [], [], id="label is a synonym: fine"
        ),
        pytest.param(
            [feature(SEIZURE), feature(SEIZURE)], [SEIZURE], [], ["finding-merged"], id="the same finding twice: one"
        ),
        pytest.param(
            [feature(HYPERMOBILITY), feature("HP:0001388", "Joint laxity")],
            [HYPERMOBILITY],
            [],
            ["finding-merged", "hpo-replaced"],
            id="the same finding under its old and its new identifier: one",
        ),
        pytest.param(
            [feature(SEIZURE), feature(SEIZURE, excluded=True), feature(ARACHNODACTYLY)],
            [ARACHNODACTYLY],
            [],
            ["observed-and-excluded"],
            id="observed and excluded: neither is used",
        ),
        pytest.param(
            [feature(SEIZURE), feature(GENERALIZED_SEIZURE)],
            [SEIZURE, GENERALIZED_SEIZURE],
            [],
            ["ancestor-observed"],
            id="a term and its own ancestor: both kept",
        ),
        pytest.param(
            [feature(SEIZURE, excluded=True), feature(GENERALIZED_SEIZURE)],
            [GENERALIZED_SEIZURE],
            [],
            ["excluded-ancestor"],
            id="an excluded ancestor of an observed term: the observed one counts",
        ),
        pytest.param(
            [feature(SEIZURE), feature(GENERALIZED_SEIZURE, excluded=True)],
            [SEIZURE],
            [GENERALIZED_SEIZURE],
            [],
            id="an excluded special form of an observed term: no contradiction",
        ),
        pytest.param(
            [feature("SNOMEDCT:91175000", "Seizure"), feature(ARACHNODACTYLY)],
            [ARACHNODACTYLY],
            [],
            ["needs-coding"],
            id="another code system: carried, to be coded",
        ),
        pytest.param(
            [feature("HP:123", "Seizure"), feature(ARACHNODACTYLY)],
            [ARACHNODACTYLY],
            [],
            ["id-malformed"],
            id="not an identifier: carried",
        ),
        pytest.param(
            [{"type": {"label": "Seizure"}}, feature(ARACHNODACTYLY)],
            [ARACHNODACTYLY],
            [],
            ["finding-without-id"],
            id="a label alone: carried, never guessed",
        ),
        pytest.param(
            [feature("HP:0000001"), feature(ARACHNODACTYLY)],
            [ARACHNODACTYLY],
            [],
            ["not-a-finding"],
            id="the root of HPO says nothing: carried",
        ),
    ],
)
def test_a_statement_becomes_a_finding(
    features: Features, observed: list[str], excluded: list[str], codes: list[str]
) -> None:
    imported = read(packet(*features))
    (case,) = imported.cases
    assert list(case.observed) == observed
    assert list(case.excluded) == excluded
    assert [code for code, _ in imported.report.counts] == codes


@pytest.mark.parametrize(
    ("identifier", "kind"),
    [
        ("HP:0000006", AttributeKind.INHERITANCE),
        ("HP:0003577", AttributeKind.ONSET),
        ("HP:0012828", AttributeKind.MODIFIER),
    ],
)
def test_inheritance_onset_and_modifiers_in_the_list_of_findings_are_attributes(
    identifier: str, kind: AttributeKind
) -> None:
    (case,) = read(packet(feature(ARACHNODACTYLY), feature(identifier))).cases
    assert case.observed == (ARACHNODACTYLY,)
    assert [(one.kind, one.id, one.excluded) for one in case.attributes] == [(kind, identifier, False)]


def test_a_merged_finding_keeps_the_earliest_onset_and_both_sources() -> None:
    later = feature(SEIZURE, onset={"age": {"iso8601duration": "P3Y"}})
    earlier = feature(SEIZURE, onset={"age": {"iso8601duration": "P18M"}})
    (case,) = read(packet(later, earlier)).cases
    (finding,) = case.findings
    assert finding.onset is not None
    assert finding.onset.years() == 1.5
    assert finding.paths == ("/phenotypicFeatures/0", "/phenotypicFeatures/1")


def test_a_contradiction_shows_both_places() -> None:
    report = read(packet(feature(ARACHNODACTYLY), feature(SEIZURE), feature(SEIZURE, excluded=True))).report
    places = {message.where.path for message in report.errors}
    assert places == {"/phenotypicFeatures/1", "/phenotypicFeatures/2"}
    assert report.leaves.dropped == 5


def test_a_replaced_identifier_is_kept_as_given_beside_the_one_in_use() -> None:
    (case,) = read(packet(feature("HP:0001388", "Joint laxity"))).cases
    (finding,) = case.findings
    assert (finding.given_id, finding.id, finding.label) == ("HP:0001388", HYPERMOBILITY, "Joint hypermobility")


def test_a_case_left_with_no_finding_and_no_variant_is_an_error() -> None:
    imported = read(packet(feature(UNKNOWN)))
    assert imported.failed
    assert [message.code for message in imported.report.errors] == ["no-finding"]


def test_what_is_not_listed_is_not_assessed_and_so_in_neither_list() -> None:
    (case,) = read(packet(feature(ARACHNODACTYLY))).cases
    assert SEIZURE not in case.observed + case.excluded
