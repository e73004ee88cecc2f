"""What holds for every case and every packet, on generated ones (fictional)."""

import json
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hoofbeat.cases import (
    AcmgClassification,
    AffectedStatus,
    Age,
    AgeRange,
    Attribute,
    AttributeKind,
    Case,
    DoseInterval,
    Evidence,
    Expression,
    ExternalReference,
    Family,
    Finding,
    FindingState,
    Gene,
    GenomicInterpretation,
    GestationalAge,
    Interpretation,
    InterpretationStatus,
    Interval,
    KaryotypicSex,
    Measurement,
    MedicalAction,
    OnsetClass,
    OntologyClass,
    PedigreePerson,
    Procedure,
    ProgressStatus,
    Provenance,
    Quantity,
    ReferenceRange,
    Reported,
    ReportedDisease,
    Sex,
    Subject,
    TherapeuticActionability,
    Timestamp,
    Treatment,
    Variant,
    VcfRecord,
    VitalState,
    VitalStatus,
)
from hoofbeat.interchange.phenopacket import write
from tests.packets import (
    ARACHNODACTYLY,
    ECTOPIA_LENTIS,
    GENERALIZED_SEIZURE,
    HYPERMOBILITY,
    ONTOLOGY,
    SEIZURE,
    UNKNOWN,
    feature,
    leaf_counts,
    packet,
    read,
)

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
words = st.text("abcXYZ0189 ._-é漢", min_size=1, max_size=8)
concepts = st.builds(OntologyClass, st.builds("X:{}".format, st.integers(1, 999)), words)
ages = st.integers(0, 119 * 12).map(lambda months: Age(f"P{months // 12}Y{months % 12}M"))
timestamps = st.datetimes().map(lambda when: Timestamp(when.replace(microsecond=0).isoformat() + "Z"))
intervals = st.builds(lambda one, other: Interval(*sorted((one, other), key=Timestamp.moment)), timestamps, timestamps)
times = st.one_of(
    ages,
    st.builds(lambda one, other: AgeRange(*sorted((one, other), key=lambda age: age.years() or 0.0)), ages, ages),
    st.builds(OnsetClass, concepts),
    timestamps,
    intervals,
    st.builds(GestationalAge, st.integers(0, 44), st.integers(0, 6)),
)
some_time = st.none() | times
some_concept = st.none() | concepts
numbers = st.floats(allow_nan=False, allow_infinity=False)
quantities = st.builds(
    Quantity, numbers, some_concept, st.none() | st.builds(ReferenceRange, numbers, numbers, some_concept)
)
procedures = st.builds(Procedure, concepts, some_concept, some_time)
references = st.builds(ExternalReference, words, texts, texts)


def few(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=2).map(tuple)


@st.composite
def findings(draw: st.DrawFn) -> tuple[Finding, ...]:
    """Findings that do not contradict each other: siblings in the small ontology."""
    ids = draw(
        st.lists(st.sampled_from([ARACHNODACTYLY, SEIZURE, HYPERMOBILITY, ECTOPIA_LENTIS]), min_size=1, unique=True)
    )
    return tuple(
        Finding(
            identifier,
            state=draw(st.sampled_from([FindingState.OBSERVED, FindingState.EXCLUDED])),
            onset=draw(some_time),
            resolution=draw(some_time),
            severity=draw(some_concept),
            modifiers=draw(few(concepts)),
            evidence=draw(few(st.builds(Evidence, concepts, st.none() | references))),
            description=draw(texts),
            asked=draw(st.booleans()),
        )
        for identifier in ids
    )


genes = st.builds(Gene, words, words, texts, few(words), few(words), few(words))
vcf_records = st.builds(
    VcfRecord,
    words,
    words,
    st.integers(0, 2**40),
    st.sampled_from("ACGT"),
    st.sampled_from("ACGT"),
    texts,
    texts,
    texts,
    texts,
)
variants = st.builds(
    Variant,
    words,
    texts,
    texts,
    st.none() | genes,
    st.none() | vcf_records,
    few(st.builds(Expression, words, words, texts)),
    some_concept,
    some_concept,
    st.sampled_from(["genomic", "transcript", "protein", "unspecified_molecule_context"]),
)
calls = st.one_of(
    st.builds(
        GenomicInterpretation,
        words,
        st.sampled_from(InterpretationStatus),
        st.none(),
        variants,
        st.sampled_from(AcmgClassification),
        st.sampled_from(TherapeuticActionability),
    ),
    st.builds(GenomicInterpretation, words, st.sampled_from(InterpretationStatus), genes),
)
reported = st.builds(
    Reported,
    few(st.builds(ReportedDisease, concepts, st.booleans(), some_time, some_time, some_concept)),
    few(st.builds(Interpretation, words, st.sampled_from(ProgressStatus), some_concept, few(calls), texts)),
)
treatments = st.builds(
    Treatment,
    concepts,
    some_concept,
    few(st.builds(DoseInterval, quantities, some_concept, st.none() | intervals)),
    st.sampled_from(["", "PRESCRIPTION"]),
    st.none() | quantities,
)
actions = st.builds(
    lambda action, *rest: MedicalAction(
        action if isinstance(action, Procedure) else None, action if isinstance(action, Treatment) else None, *rest
    ),
    procedures | treatments,
    some_concept,
    some_concept,
    some_concept,
    few(concepts),
    some_concept,
)
measurements = st.one_of(
    st.builds(Measurement, concepts, quantities, st.none(), st.just(()), some_time, st.none() | procedures, texts),
    st.builds(Measurement, concepts, st.none(), concepts),
    st.builds(
        Measurement,
        concepts,
        st.none(),
        st.none(),
        st.lists(st.tuples(concepts, quantities), min_size=1, max_size=2).map(tuple),
    ),
)
subjects = st.builds(
    Subject,
    words,
    st.sampled_from(Sex),
    st.sampled_from(KaryotypicSex),
    some_concept,
    some_time,
    st.none()
    | st.builds(VitalStatus, st.sampled_from(VitalState), some_time, some_concept, st.none() | st.integers(0, 2**31)),
    few(words),
    st.none() | timestamps,
    st.none() | st.just(OntologyClass("NCBITaxon:9606", "Homo sapiens")),
)
provenances = st.builds(
    Provenance,
    created=st.just("2020-01-01T00:00:00Z"),
    created_by=words,
    submitted_by=texts,
    schema_version=st.just("2.0"),
    references=few(references),
)
attributes = few(st.just(Attribute(AttributeKind.INHERITANCE, "HP:0000006")))
single_cases = st.builds(
    Case,
    id=words,
    subject=subjects,
    findings=findings(),
    attributes=attributes,
    measurements=few(measurements),
    medical_actions=few(actions),
    reported=reported,
    provenance=provenances,
)
persons = st.builds(PedigreePerson, words, words, texts, texts, st.sampled_from(Sex), st.sampled_from(AffectedStatus))
families = st.builds(Family, words, few(single_cases), few(persons), st.none() | st.booleans(), provenances)
cases = st.builds(lambda case, family: replace(case, family=family), single_cases, st.none() | families)


def without_resources(case: Case) -> Case:
    """The writer declares the resources that are missing; all else must be equal."""

    def bare(provenance: Provenance) -> Provenance:
        return replace(provenance, resources=())

    family = case.family and replace(
        case.family,
        provenance=bare(case.family.provenance),
        relatives=tuple(without_resources(one) for one in case.family.relatives),
    )
    return replace(case, provenance=bare(case.provenance), family=family)


@given(cases)
def test_a_case_written_and_read_is_equal(case: Case) -> None:
    imported = read(write(case, ontology=ONTOLOGY))
    assert imported.report.errors == ()
    assert [without_resources(one) for one in imported.cases] == [without_resources(case)]


@given(cases)
def test_nothing_of_our_own_is_carried_or_dropped(case: Case) -> None:
    data = write(case, ontology=ONTOLOGY)
    report = read(data).report
    assert (report.leaves.carried, report.leaves.dropped) == (0, 0)
    assert report.leaves.mapped == sum(leaf_counts(json.loads(data)).values())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text("ab/~0é\n", max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("xyz/~1", min_size=1, max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
statements = st.builds(
    lambda identifier, excluded, extra: feature(identifier, **({"excluded": True} if excluded else {}), **extra),
    st.sampled_from(
        [
            ARACHNODACTYLY,
            SEIZURE,
            GENERALIZED_SEIZURE,
            HYPERMOBILITY,
            UNKNOWN,
            "HP:0001388",
            "HP:0000006",
            "MONDO:1",
            "bad",
        ]
    ),
    st.booleans(),
    st.fixed_dictionaries(
        {},
        optional={
            "description": texts,
            "onset": st.just({"age": {"iso8601duration": "P3Y"}}),
            "color": st.text("ab", max_size=3),
        },
    ),
)
packets = st.builds(
    lambda features, extra: packet(feature(ECTOPIA_LENTIS), *features, **extra),
    st.lists(statements, max_size=8),
    st.dictionaries(st.sampled_from(["noise", "more", "biosampleNote"]), json_values, max_size=2),
)


@given(packets)
def test_mapped_carried_and_dropped_add_up_to_the_values_of_the_source(source: dict[str, Any]) -> None:
    assert read(source).report.leaves.total == sum(leaf_counts(source).values())


@given(packets)
def test_writing_is_stable_from_the_second_turn(source: dict[str, Any]) -> None:
    (first,) = read(source).cases
    once = write(first, ontology=ONTOLOGY)
    (second,) = read(once).cases
    assert write(second, ontology=ONTOLOGY) == once


@given(json_values.filter(lambda value: value not in (None, [], {})))
def test_what_is_carried_comes_back_as_it_was(value: Any) -> None:
    (case,) = read(packet(noise=value)).cases
    tree = json.loads(write(case, ontology=ONTOLOGY))
    said = {key: number for key, number in leaf_counts(value).items() if key[1] != "None"}
    assert leaf_counts(tree.get("noise", {})) == said


@given(packets, st.randoms(use_true_random=False))
def test_the_order_of_findings_changes_nothing(source: dict[str, Any], random: Any) -> None:
    (before,) = read(source).cases
    random.shuffle(source["phenotypicFeatures"])
    (after,) = read(source).cases
    assert sorted(before.observed) == sorted(after.observed)
    assert sorted(before.excluded) == sorted(after.excluded)
    assert {one.id: one.onset for one in before.findings} == {one.id: one.onset for one in after.findings}


@given(packets)
def test_no_finding_is_both_observed_and_excluded_and_none_is_invented(source: dict[str, Any]) -> None:
    (case,) = read(source).cases
    assert not set(case.observed) & set(case.excluded)
    present = [one["type"]["id"] for one in source["phenotypicFeatures"] if not one.get("excluded")]
    assert set(case.observed) <= {ONTOLOGY.resolve(identifier).id for identifier in present}
