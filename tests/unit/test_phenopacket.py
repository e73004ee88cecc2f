"""Phenopackets in and out.

Versions, families, cohorts, spelling, and the fate of every value. All packets are fictional.
"""

import json
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from phenopackets import Family as FamilyMessage
from phenopackets import Phenopacket

from hoofbeat.cases import (
    AffectedStatus,
    Age,
    Case,
    Evidence,
    Finding,
    FindingState,
    InterpretationStatus,
    OntologyClass,
    ProgressStatus,
    Sex,
)
from hoofbeat.interchange.phenopacket import not_written, write
from tests.packets import (
    ARACHNODACTYLY,
    ECTOPIA_LENTIS,
    HYPERMOBILITY,
    ONTOLOGY,
    SEIZURE,
    UNKNOWN,
    feature,
    leaf_counts,
    packet,
    read,
    solved_packet,
    version1_packet,
)


def written(case: Case) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(write(case, ontology=ONTOLOGY))
    return tree


def only_case(value: Any) -> Case:
    (case,) = read(value).cases
    return case


def test_a_packet_becomes_a_case() -> None:
    case = only_case(solved_packet())
    assert case.id == "fictional-1"
    assert case.sex is Sex.FEMALE
    assert case.age_years == 3.5
    assert case.observed == (ARACHNODACTYLY, HYPERMOBILITY)
    assert case.excluded == (SEIZURE,)
    assert case.findings[0].onset == Age("P2Y")
    assert case.findings[1].severity == OntologyClass("HP:0012828", "Severe")
    assert case.publications == ("PMID:123",)
    assert case.measurements[0].quantity is not None
    assert case.measurements[0].quantity.value == 800.0
    assert case.medical_actions[0].treatment is not None
    assert case.source is not None
    assert len(case.source.sha256) == 64


def test_the_diagnosis_and_its_variants_are_reported_and_nowhere_else() -> None:
    case = only_case(solved_packet())
    (interpretation,) = case.reported.interpretations
    assert interpretation.progress is ProgressStatus.SOLVED
    assert case.reported.solved_ids == ("OMIM:154700",)
    (call,) = interpretation.genomic_interpretations
    assert call.status is InterpretationStatus.CAUSATIVE
    assert call.variant is not None
    assert call.variant.vcf_record is not None
    assert call.variant.vcf_record.pos == 48644760


def test_every_value_has_a_fate_and_is_written_back() -> None:
    source = solved_packet()
    imported = read(source)
    before, after = leaf_counts(source), leaf_counts(written(imported.cases[0]))
    assert imported.report.leaves.total == sum(before.values())
    assert imported.report.leaves.dropped == 0
    assert {key: number for key, number in before.items() if after.get(key, 0) < number} == {}


def test_that_a_finding_was_asked_about_survives_the_way_out_and_back_in() -> None:
    own = Evidence(OntologyClass("ECO:0000033", "author statement"))
    listed, asked = Finding(ARACHNODACTYLY), Finding(SEIZURE, state=FindingState.EXCLUDED, asked=True, evidence=(own,))
    tree = written(Case("fictional", findings=(listed, asked)))
    ParseDict(tree, Phenopacket())  # every field is one of the standard
    assert {"ECO", "HOOFBEAT", "HP"} == {one["namespacePrefix"] for one in tree["metaData"]["resources"]}
    again = only_case(tree)
    assert again.findings == (listed, asked)
    assert written(again) == tree


def test_somebody_s_evidence_with_our_word_and_a_reference_stays_evidence() -> None:
    word = {"id": "HOOFBEAT:asked", "label": "asked about or looked for in this very person"}
    source = packet({**feature(SEIZURE), "evidence": [{"evidenceCode": word, "reference": {"id": "PMID:1"}}]})
    (finding,) = only_case(source).findings
    assert not finding.asked
    assert len(finding.evidence) == 1


def test_an_unknown_finding_is_written_back() -> None:
    features = written(only_case(packet(feature(UNKNOWN, "New"), feature(SEIZURE))))["phenotypicFeatures"]
    assert [one["type"]["id"] for one in features] == [SEIZURE, UNKNOWN]


def test_a_replaced_finding_is_written_under_the_identifier_in_use() -> None:
    features = written(only_case(packet(feature("HP:0001388", "Joint laxity"))))["phenotypicFeatures"]
    assert features == [{"type": {"id": HYPERMOBILITY, "label": "Joint hypermobility"}}]


def test_a_label_in_another_language_is_kept() -> None:
    imported = read(packet(feature(ARACHNODACTYLY, "Arachnodaktylie")))
    assert imported.report.count("label-mismatch") == 1
    assert written(imported.cases[0])["phenotypicFeatures"][0]["type"]["label"] == "Arachnodaktylie"


@pytest.mark.parametrize("position", [48644760, "48644760"])
def test_a_position_is_read_as_number_or_text_and_written_as_text(position: int | str) -> None:
    source = solved_packet()
    call = source["interpretations"][0]["diagnosis"]["genomicInterpretations"][0]["variantInterpretation"]
    call["variationDescriptor"]["vcfRecord"]["pos"] = position
    tree = written(only_case(source))
    call = tree["interpretations"][0]["diagnosis"]["genomicInterpretations"][0]["variantInterpretation"]
    assert call["variationDescriptor"]["vcfRecord"]["pos"] == "48644760"


def test_required_defaults_are_written_and_empty_texts_are_not() -> None:
    source = solved_packet()
    call = source["interpretations"][0]["diagnosis"]["genomicInterpretations"][0]["variantInterpretation"]
    del call["therapeuticActionability"], source["subject"]["sex"]
    source["subject"]["timeAtLastEncounter"] = {"gestationalAge": {"weeks": 32}}
    text = write(only_case(source), ontology=ONTOLOGY).decode()
    tree = json.loads(text)
    call = tree["interpretations"][0]["diagnosis"]["genomicInterpretations"][0]["variantInterpretation"]
    assert call["therapeuticActionability"] == "UNKNOWN_ACTIONABILITY"
    assert tree["subject"]["sex"] == "UNKNOWN_SEX"
    assert tree["subject"]["timeAtLastEncounter"]["gestationalAge"] == {"weeks": 32, "days": 0}
    assert '""' not in text


def test_a_case_of_our_own_is_a_complete_packet() -> None:
    tree = written(Case.of([ARACHNODACTYLY], [SEIZURE], sex="female", age=3))
    ParseDict(tree, Phenopacket())
    assert tree["phenotypicFeatures"][0]["type"]["label"] == "Arachnodactyly"
    assert tree["phenotypicFeatures"][1]["excluded"] is True
    assert tree["metaData"]["phenopacketSchemaVersion"] == "2.0"
    assert [one["namespacePrefix"] for one in tree["metaData"]["resources"]] == ["HP"]


def test_every_known_prefix_has_its_resource() -> None:
    resources = written(only_case(solved_packet()))["metaData"]["resources"]
    prefixes = {one["namespacePrefix"] for one in resources}
    assert prefixes == {"HP", "OMIM", "HGNC", "GENO", "LOINC", "UCUM", "NCIT"}
    assert all(one["version"] for one in resources)


def test_uncertain_findings_are_not_written_and_named() -> None:
    findings = (Finding(ARACHNODACTYLY), Finding(SEIZURE, state=FindingState.UNCERTAIN))
    case = Case("a", findings=findings)
    assert [one["type"]["id"] for one in written(case)["phenotypicFeatures"]] == [ARACHNODACTYLY]
    assert not_written(case) == findings[1:]


def test_snake_case_is_read_too() -> None:
    source = {
        "id": "fictional",
        "subject": {"id": "p", "time_at_last_encounter": {"age": {"iso8601duration": "P3Y"}}},
        "phenotypic_features": [feature(ARACHNODACTYLY), feature(SEIZURE, excluded=True)],
        "meta_data": {"created_by": "a test", "external_references": [{"id": "PMID:123"}]},
    }
    imported = read(source)
    (case,) = imported.cases
    assert (case.observed, case.excluded, case.age_years) == ((ARACHNODACTYLY,), (SEIZURE,), 3.0)
    assert case.publications == ("PMID:123",)
    assert imported.report.messages == ()


def test_version_1_is_converted_with_a_warning_and_negated_is_excluded() -> None:
    source = version1_packet()
    imported = read(source)
    (case,) = imported.cases
    assert imported.report.count("version-1") == 1
    assert case.observed == (ARACHNODACTYLY, HYPERMOBILITY)
    assert case.excluded == (SEIZURE,)
    assert case.age_years == 14.0
    assert case.findings[0].onset == Age("P2Y")
    (interpretation,) = case.reported.interpretations
    gene, hgvs, vcf = interpretation.genomic_interpretations
    assert gene.gene is not None
    assert gene.gene.symbol == "FBN1"
    assert hgvs.variant is not None
    assert hgvs.variant.expressions[0].value == "NM_000138.5:c.1A>G"
    assert vcf.variant is not None
    assert vcf.variant.vcf_record is not None
    assert vcf.variant.vcf_record.chrom == "15"
    assert imported.report.leaves.total == sum(leaf_counts(source).values())


def test_version_1_comes_back_as_version_2() -> None:
    first = only_case(version1_packet())
    second = read(write(first, ontology=ONTOLOGY))
    assert second.report.count("version-1") == 0
    assert second.cases[0].findings == first.findings


def test_version_1_is_told_by_negated_alone() -> None:
    case = only_case({"id": "a", "phenotypicFeatures": [feature(ARACHNODACTYLY), feature(SEIZURE, negated=True)]})
    assert (case.observed, case.excluded) == ((ARACHNODACTYLY,), (SEIZURE,))


def test_both_versions_in_one_finding_are_refused() -> None:
    imported = read(packet(feature(SEIZURE, negated=True, excluded=False), feature(ARACHNODACTYLY)))
    assert imported.failed


def test_a_place_in_version_1_is_named_as_it_stands_there() -> None:
    source = version1_packet()
    source["phenotypicFeatures"][0]["ageOfOnset"]["age"] = "P300Y"
    (message,) = read(source).report.errors
    assert message.where.path == "/phenotypicFeatures/0/ageOfOnset"


@pytest.mark.parametrize("field", ["Excluded", "isNegated", "absent", "presence", "verificationStatus"])
def test_an_unknown_field_that_might_negate_is_never_passed_over(field: str) -> None:
    imported = read(packet(feature(SEIZURE, **{field: True}), feature(ARACHNODACTYLY)))
    assert imported.failed
    assert imported.report.errors[0].where.path == f"/phenotypicFeatures/0/{field}"


def test_the_place_that_the_official_classes_name_is_a_field() -> None:
    (message,) = read(packet(metaData={"created": "yesterday"})).report.errors
    assert message.where.path == "/metaData/created"


def test_another_unknown_field_is_carried_and_written_back() -> None:
    source = packet(feature(SEIZURE), feature(ARACHNODACTYLY, laterality={"id": "HP:0012834", "label": "Right"}))
    source["clinic"] = {"ward": 4, "notes": ["a", "b"]}
    imported = read(source)
    assert imported.report.count("unknown-field") == 2
    assert imported.report.leaves.carried == 5
    tree = written(imported.cases[0])
    assert tree["clinic"] == source["clinic"]
    assert tree["phenotypicFeatures"][1]["laterality"] == source["phenotypicFeatures"][1]["laterality"]


def test_carried_values_follow_their_finding_when_others_are_merged() -> None:
    source = packet(feature(SEIZURE), feature(SEIZURE), feature(ARACHNODACTYLY, onsetNote="early"))
    features = written(only_case(source))["phenotypicFeatures"]
    assert features[1] == feature(ARACHNODACTYLY, onsetNote="early")


@pytest.mark.parametrize("wrong", ["yes", "true", 1, [], {}])
def test_excluded_is_true_or_false_and_nothing_else(wrong: Any) -> None:
    imported = read(packet(feature(SEIZURE, excluded=wrong), feature(ARACHNODACTYLY)))
    assert imported.failed
    (message,) = imported.report.errors
    assert message.where.path == "/phenotypicFeatures/0/excluded"
    assert message.where.line is not None


def test_null_says_nothing() -> None:
    imported = read(packet(feature(SEIZURE, excluded=None, onset=None)))
    assert imported.cases[0].observed == (SEIZURE,)
    assert imported.report.leaves.dropped == 2


@pytest.mark.parametrize("duration", ["-P3Y", "P121Y", "three years", ""])
def test_an_impossible_age_is_dropped_with_an_error_and_the_case_is_kept(duration: str) -> None:
    source = packet()
    source["subject"]["timeAtLastEncounter"] = {"age": {"iso8601duration": duration}}
    imported = read(source)
    assert imported.cases[0].age_years is None
    assert [message.where.path for message in imported.report.errors] == ["/subject/timeAtLastEncounter"]
    assert imported.report.leaves.dropped == 1


def test_a_word_in_other_case_is_read_and_an_unknown_one_is_carried() -> None:
    source = packet()
    source["subject"] |= {"sex": "female", "karyotypicSex": "XXYYY"}
    imported = read(source)
    assert imported.cases[0].sex is Sex.FEMALE
    assert imported.report.count("enum-case") == 1
    assert imported.report.count("enum-unknown") == 1
    assert imported.report.leaves.carried == 1


def test_a_packet_of_a_mouse_is_refused() -> None:
    source = packet()
    source["subject"]["taxonomy"] = {"id": "NCBITaxon:10090", "label": "Mus musculus"}
    imported = read(source)
    assert imported.failed
    assert "not human" in imported.report.errors[0].what


def test_a_packet_without_id_is_named_after_its_file() -> None:
    source = packet()
    del source["id"]
    assert read(source, name="folder/patient.7.json").cases[0].id == "patient.7"


def test_a_list_of_packets_keeps_the_good_ones() -> None:
    imported = read([packet(), packet(feature(SEIZURE, excluded="no")), 5, packet(feature(ECTOPIA_LENTIS))])
    assert [case.observed for case in imported.cases] == [(ARACHNODACTYLY,), (ECTOPIA_LENTIS,)]
    assert [message.where.path for message in imported.report.errors] == ["/1/phenotypicFeatures/0/excluded", "/2"]
    assert imported.report.accepted


def family() -> dict[str, Any]:
    persons = [
        {
            "familyId": "f",
            "individualId": "person-1",
            "paternalId": "father",
            "sex": "FEMALE",
            "affectedStatus": "AFFECTED",
        },
        {"familyId": "f", "individualId": "father", "sex": "MALE", "affectedStatus": "UNAFFECTED"},
    ]
    return {
        "id": "family-1",
        "proband": solved_packet(),
        "relatives": [
            packet(feature(SEIZURE), id="father"),
            {"id": "mother", "subject": {"id": "mother", "sex": "FEMALE"}},
        ],
        "consanguinousParents": True,
        "pedigree": {"persons": persons},
        "files": [{"uri": "file://never-opened", "fileAttributes": {"0": "zero"}}],
        "metaData": {"created": "2020-01-01T00:00:00Z", "createdBy": "a test", "phenopacketSchemaVersion": "2.0"},
    }


def test_a_family_is_one_case_with_its_relatives() -> None:
    source = family()
    imported = read(source)
    (case,) = imported.cases
    assert case.family is not None
    assert [one.observed for one in case.family.relatives] == [(SEIZURE,), ()]
    assert case.family.consanguineous_parents is True
    assert case.family.pedigree[0].affected_status is AffectedStatus.AFFECTED
    assert imported.report.leaves.total == sum(leaf_counts(source).values())
    tree = written(case)
    ParseDict(tree, FamilyMessage())
    before, after = leaf_counts(source), leaf_counts(tree)
    assert {key: number for key, number in before.items() if after.get(key, 0) < number} == {}


def test_a_cohort_is_its_members_and_they_cite_what_it_cites() -> None:
    members = [packet(id="one"), packet(feature(SEIZURE, excluded=1), id="two"), packet(id="three")]
    del members[2]["metaData"]["externalReferences"]
    source = {"id": "cohort", "members": members, "metaData": {"externalReferences": [{"id": "PMID:77"}]}}
    imported = read(source)
    assert [(case.id, case.publications) for case in imported.cases] == [
        ("one", ("PMID:123",)),
        ("three", ("PMID:77",)),
    ]
    assert [one.path for one in imported.carried] == ["/id", "/metaData/externalReferences/0/id"]
    assert imported.report.leaves.total == sum(leaf_counts(source).values())


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({}, "not-a-phenopacket"),
        ({"resourceType": "Bundle", "id": "x"}, "not-a-phenopacket"),
        ([], "no-packet"),
        ({"members": []}, "no-packet"),
        (7, "not-a-phenopacket"),
        ({"id": "a", "subject": {"id": "b"}}, "no-finding"),
        ({"id": "a", "phenotypicFeatures": {}}, "wrong-type"),
        (packet(*[feature(SEIZURE)] * 5001), "findings-limit"),
        ({"id": "a", "metaData": {"created": "yesterday"}}, "not-well-formed"),
        ({"proband": 5}, "not-a-phenopacket"),
    ],
)
def test_what_is_no_packet_is_refused_with_its_code(value: Any, code: str) -> None:
    imported = read(value)
    assert imported.failed
    assert [message.code for message in imported.report.errors] == [code]


def test_a_report_is_plain_json_and_shows_no_identifiers_of_people() -> None:
    source = packet(feature(UNKNOWN), feature(SEIZURE))
    source["subject"] |= {"id": "Jane Doe", "dateOfBirth": "not a date"}
    text = json.dumps(read(source).report.to_json())
    assert "Jane" not in text
    assert "not a date" not in text


def test_messages_are_limited_and_counted() -> None:
    report = read(packet(feature(SEIZURE), *[feature(f"HP:99{i:05d}") for i in range(300)])).report
    assert len(report.messages) == 200
    assert report.count("hpo-unknown") == 300


def test_writing_is_deterministic() -> None:
    case = only_case(solved_packet())
    assert write(case, ontology=ONTOLOGY) == write(case, ontology=ONTOLOGY)
    assert write(case, ontology=ONTOLOGY).endswith(b"}\n")
