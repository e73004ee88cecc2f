"""Readers of the release files: what they take, what they skip, and what they refuse."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hoofbeat.knowledge.crossreferences import (
    Link,
    Relation,
    first_stated,
    read_json_links,
    read_mondo_links,
    read_orphadata_links,
)
from hoofbeat.knowledge.disease_ids import disease_order, normal_disease_id
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.genes import Association, Gene, joined, read_genes_to_disease, read_genes_to_phenotype
from hoofbeat.knowledge.hpoa import read_hpoa
from hoofbeat.knowledge.obo import parse_obo, read_obo
from hoofbeat.knowledge.ontology import Ontology, Synonym
from hoofbeat.knowledge.sources import Role, Sources, checksum
from tests.small_release import LINKS_JSON, MARFAN, ROWS, hpoa_text, obo_text, row

ONTOLOGY = Ontology.of(parse_obo(obo_text().splitlines()).terms, release="small")

ORPHADATA = """<?xml version="1.0" encoding="UTF-8"?>
<JDBOR date="2024-06-25 07:13:00" version="1.3"><DisorderList count="1">
  <Disorder id="109"><OrphaCode>558</OrphaCode><Name lang="en">Marfan syndrome</Name>
    <ExternalReferenceList>
      <ExternalReference><Source>OMIM</Source><Reference>154700</Reference>
        <DisorderMappingRelation><Name lang="en">BTNT (ORPHAcode's broader term)</Name></DisorderMappingRelation>
        <DisorderMappingValidationStatus><Name lang="en">Validated</Name></DisorderMappingValidationStatus>
      </ExternalReference>
      <ExternalReference><Source>OMIM</Source><Reference>610168</Reference>
        <DisorderMappingRelation><Name lang="en">E (Exact mapping)</Name></DisorderMappingRelation>
        <DisorderMappingValidationStatus><Name lang="en">Not yet validated</Name></DisorderMappingValidationStatus>
      </ExternalReference>
      <ExternalReference><Source>ICD-10</Source><Reference>Q87.4</Reference>
        <DisorderMappingRelation><Name lang="en">E (Exact mapping)</Name></DisorderMappingRelation>
      </ExternalReference>
    </ExternalReferenceList>
  </Disorder></DisorderList></JDBOR>
"""

MONDO = """#mapping_set_version: 2024-05-08
subject_id\tpredicate_id\tobject_id
MONDO:0007947\tskos:exactMatch\tOMIM:154700
MONDO:0007947\tskos:exactMatch\tOrphanet:558
MONDO:0000001\tskos:exactMatch\tOMIM:129600
MONDO:0000001\tskos:broadMatch\tOrphanet:1885
MONDO:0000002\tskos:broadMatch\tOMIM:600001
MONDO:0000002\tskos:narrowMatch\tOrphanet:3
MONDO:0000003\tskos:exactMatch\tUMLS:C0024796
"""


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("ORPHA:558", "ORPHA:558"),
        ("Orphanet:558", "ORPHA:558"),
        ("orphanet.ordo:558", "ORPHA:558"),
        ("ORPHA_558", "ORPHA:558"),
        (" mim:154700 ", "OMIM:154700"),
        ("OMIMPS:154700", "OMIMPS:154700"),
        ("Marfan", "Marfan"),
    ],
)
def test_disease_ids_have_one_spelling(given: str, normal: str) -> None:
    assert normal_disease_id(given) == normal


def test_disease_ids_are_ordered_by_source_then_number() -> None:
    ids = ["DECIPHER:2", "ORPHA:10", "ORPHA:9", "MONDO:1", "OMIM:600000", "OMIM:9"]
    assert sorted(ids, key=disease_order) == ["OMIM:9", "OMIM:600000", "ORPHA:9", "ORPHA:10", "DECIPHER:2", "MONDO:1"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (row(MARFAN, "HP:0008888"), r"HP:0008888 is obsolete in HPO small \(consider HP:0001083\)"),
        (row(MARFAN, "HP:7777777"), "HP:7777777 is unknown"),
        (row(MARFAN, "Marfan"), "Marfan is malformed"),
        (row(MARFAN, "HP:0001166", frequency="HP:0001166"), "frequency HP:0001166: neither"),
        (row(MARFAN, "HP:0001166", aspect="X"), "aspect 'X'"),
        (row(MARFAN, "HP:0001166", sex="BOTH"), "sex 'BOTH'"),
        (row(MARFAN, "HP:0001166", evidence="ABC"), "evidence 'ABC'"),
        (row(MARFAN, "HP:0001166", qualifier="MAYBE"), "qualifier 'MAYBE'"),
        (row(("", "nameless"), "HP:0001166"), "no disease id"),
        ("OMIM:154700\tcut off", "is the file cut off"),
    ],
)
def test_a_row_that_cannot_be_used_is_skipped_with_the_reason(tmp_path: Path, line: str, reason: str) -> None:
    rows = (*ROWS * 20, line)
    hpoa = read_hpoa(written(tmp_path, "phenotype.hpoa", hpoa_text(rows)), ONTOLOGY)
    (skipped,) = hpoa.skipped
    assert skipped.line == 3 + len(rows)
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(skipped.reason)
    assert len(hpoa.rows) == len(rows) - 1


def test_a_file_with_too_many_unusable_rows_is_refused(tmp_path: Path) -> None:
    rows = (*ROWS, row(MARFAN, "HP:7777777"))
    with pytest.raises(KnowledgeError, match="1 of 12 rows cannot be used; the first: HP:7777777 is unknown"):
        read_hpoa(written(tmp_path, "phenotype.hpoa", hpoa_text(rows)), ONTOLOGY)


def test_headers_of_older_releases_are_understood(tmp_path: Path) -> None:
    older = "DatabaseID\tDiseaseName\tQualifier\tHPO_ID\tReference\tEvidence\tOnset\tFrequency\tSex\tModifier\tAspect"
    text = hpoa_text(header=f"#{older}\tBiocuration").replace("#version:", "#date:")
    hpoa = read_hpoa(written(tmp_path, "phenotype.hpoa", text), ONTOLOGY)
    assert len(hpoa.rows) == len(ROWS)
    assert hpoa.release == "2024-02-01"


def test_a_mark_before_the_first_byte_does_no_harm(tmp_path: Path) -> None:
    hpoa = read_hpoa(written(tmp_path, "phenotype.hpoa", "\ufeff" + hpoa_text()), ONTOLOGY)
    assert hpoa.release == "2024-02-01"


def test_a_header_that_is_none_is_shown_short_and_harmless(tmp_path: Path) -> None:
    path = written(tmp_path, "phenotype.hpoa", "\x1b[31m" + "\0" * 100_000)
    with pytest.raises(KnowledgeError) as refused:
        read_hpoa(path, ONTOLOGY)
    assert len(str(refused.value)) < 2000
    assert not {"\0", "\x1b"} & set(str(refused.value))


def test_rows_curated_after_the_day_asked_for_are_dropped_and_counted(tmp_path: Path) -> None:
    path = written(tmp_path, "phenotype.hpoa", hpoa_text())
    hpoa = read_hpoa(path, ONTOLOGY, as_of=20230101)
    assert hpoa.dropped_later == {"OMIM": 1}
    assert len(hpoa.rows) == len(ROWS) - 1
    with pytest.raises(KnowledgeError, match="no annotation up to that date"):
        read_hpoa(path, ONTOLOGY, as_of=19990101)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "phenotype.hpoa").write_bytes(b"#version\n\xff\xfe\x00")
    with pytest.raises(KnowledgeError, match="not UTF-8"):
        read_hpoa(tmp_path / "phenotype.hpoa", ONTOLOGY)


def test_genes_are_read_once_per_pair_and_a_gene_without_symbol_keeps_its_number(tmp_path: Path) -> None:
    text = (
        "ncbi_gene_id\tgene_symbol\thpo_id\thpo_name\tfrequency\tdisease_id\n"
        "2200\tFBN1\tHP:0001166\tArachnodactyly\t-\tOMIM:154700\n"
        "2200\tFBN1\tHP:0001083\tEctopia lentis\t-\tOMIM:154700\n"
        "7467\t-\tHP:0001083\tEctopia lentis\t-\tOMIM:194190\n"
        "none\tX\tHP:0001083\tEctopia lentis\t-\tOMIM:1\n"
    )
    genes = read_genes_to_phenotype(written(tmp_path, "g.txt", text))
    assert set(genes.pairs) == {("OMIM:154700", Gene(2200, "FBN1")), ("OMIM:194190", Gene(7467, "NCBIGene:7467"))}
    assert len(genes.skipped) == 1


def test_association_types_join_the_pairs(tmp_path: Path) -> None:
    phenotype = read_genes_to_phenotype(
        written(tmp_path, "p.txt", "ncbi_gene_id\tgene_symbol\tdisease_id\n2200\tFBN1\tOMIM:154700\n1\tA\tOMIM:2\n")
    )
    disease = read_genes_to_disease(
        written(
            tmp_path,
            "d.txt",
            "ncbi_gene_id\tgene_symbol\tassociation_type\tdisease_id\tsource\n"
            "NCBIGene:2200\tFBN1\tMENDELIAN\tOMIM:154700\tx\n"
            "NCBIGene:3\tB\tNEW WORD\tORPHA:3\tx\n",
        )
    )
    both = joined(phenotype, disease)
    assert both.pairs == {
        ("OMIM:154700", Gene(2200, "FBN1")): Association.MENDELIAN,
        ("OMIM:2", Gene(1, "A")): Association.UNSTATED,
        ("ORPHA:3", Gene(3, "B")): Association.OTHER,
    }


def test_links_are_read_from_json_and_undecided_ones_ignored(tmp_path: Path) -> None:
    text = '{"ORPHA:1": [["OMIM:1", "E"], ["OMIM:2", "ND"], ["OMIM:3", "W"], ["OMIM:4", null]], "ORPHA:2": null}'
    links = read_json_links(written(tmp_path, "x.json", text))
    assert [(found.orpha, found.omim, found.relation) for found in links] == [("ORPHA:1", "OMIM:1", Relation.EXACT)]


@pytest.mark.parametrize("text", ["{", "[]", '{"ORPHA:1": [["OMIM:1"]]}', '{"ORPHA:1": ["OMIM:1"]}'])
def test_json_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(KnowledgeError, match=r"x\.json"):
        read_json_links(written(tmp_path, "x.json", text))


def test_validated_omim_links_are_read_from_orphadata_with_their_date(tmp_path: Path) -> None:
    (link,) = read_orphadata_links(written(tmp_path, "en_product1.xml", ORPHADATA))
    assert link == Link("ORPHA:558", "OMIM:154700", Relation.BROADER, "Orphadata product 1", "2024-06-25")


def test_entries_of_one_mondo_class_are_linked_through_it(tmp_path: Path) -> None:
    links = read_mondo_links(written(tmp_path, "mondo.sssom.tsv", MONDO))
    assert [(found.orpha, found.omim, found.relation, found.date) for found in links] == [
        ("ORPHA:1885", "OMIM:129600", Relation.BROADER, "2024-05-08"),
        ("ORPHA:558", "OMIM:154700", Relation.EXACT, "2024-05-08"),
    ]


def test_where_tables_disagree_the_first_one_stands() -> None:
    first = Link("ORPHA:1", "OMIM:1", Relation.BROADER, "first")
    second = Link("ORPHA:1", "OMIM:1", Relation.EXACT, "second")
    assert first_stated([first], [second]) == (first,)
    assert first_stated([first, second]) == (second,)


def test_a_folder_is_searched_by_official_names(small_release: Path) -> None:
    (small_release / "orpha2omim.json").write_text(LINKS_JSON, encoding="utf-8")
    assert set(Sources.in_folder(small_release).paths) == {
        Role.ONTOLOGY,
        Role.ANNOTATIONS,
        Role.GENES_TO_PHENOTYPE,
        Role.LINKS_JSON,
    }


def test_a_folder_without_the_files_is_told_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"hp\.obo, phenotype\.hpoa, genes_to_phenotype\.txt missing"):
        Sources.in_folder(tmp_path)


@pytest.mark.parametrize(
    "read", [read_json_links, read_orphadata_links, read_mondo_links, read_genes_to_phenotype, read_obo, checksum]
)
def test_a_file_that_is_not_there_is_named_by_every_reader(tmp_path: Path, read: Callable[[Path], object]) -> None:
    with pytest.raises(KnowledgeError, match=r"none: No such file or directory"):
        read(tmp_path / "none")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no .Term. in it"),
        ("[Term]\nname: nameless\n", ":1: a .Term. has no single id"),
        ("[Term]\nid: HP:0000001\nid: HP:0000002\n", "has no single id"),
    ],
)
def test_obo_that_is_none_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(KnowledgeError, match=said):
        parse_obo(text.splitlines())


def ontology_of(*stanzas: str) -> Ontology:
    lines = "\n".join(f"[Term]\n{stanza}" for stanza in stanzas).splitlines()
    return Ontology.of(parse_obo(lines).terms, release="test")


@pytest.mark.parametrize(
    ("stanzas", "said"),
    [
        (["id: HP:0000001\nis_a: HP:0000002"], "HP:0000001 is_a HP:0000002, which is not a term in use"),
        (["id: HP:0000001", "id: HP:0000001"], "HP:0000001 is defined twice"),
        (["id: HP:0000001\nis_a: HP:0000002", "id: HP:0000002\nis_a: HP:0000001"], "is its own ancestor"),
    ],
)
def test_an_ontology_that_cannot_be_is_refused(stanzas: list[str], said: str) -> None:
    with pytest.raises(KnowledgeError, match=said):
        ontology_of(*stanzas)


def test_every_older_id_says_what_became_of_it() -> None:
    resolve = ONTOLOGY.resolve
    given = ("HP:0001166", "HP:0001505", "HP:0009999", "HP:0008888", "HP:1", "HP:9876543")
    found = {identifier: resolve(identifier) for identifier in given}
    assert [resolved.status.value for resolved in found.values()] == [
        "current",
        "alternative",
        "replaced",
        "obsolete",
        "malformed",
        "unknown",
    ]
    assert found["HP:0009999"].id == found["HP:0001505"].id == "HP:0001166"
    assert found["HP:0008888"].consider == ("HP:0001083",)


def test_successors_that_chase_each_other_lead_nowhere() -> None:
    ontology = ontology_of(
        "id: HP:0000001",
        "id: HP:0000002\nis_obsolete: true\nreplaced_by: HP:0000003",
        "id: HP:0000003\nis_obsolete: true\nreplaced_by: HP:0000002",
        "id: HP:0000004\nis_obsolete: true\nreplaced_by: HP:0000005",
        "id: HP:0000005\nis_obsolete: true\nreplaced_by: HP:0000001",
    )
    assert ontology.resolve("HP:0000002").index is None
    assert ontology.resolve("HP:0000004").id == "HP:0000001"


def test_a_term_keeps_its_synonyms_with_scope_and_kind() -> None:
    ontology = ontology_of(
        'id: HP:0000256\nname: Macrocephaly\ndef: "A \\"large\\" head." [X:1]\n'
        'synonym: "Big head" EXACT layperson [Y:1]\nsynonym: "Megacephaly" BROAD []'
    )
    term = ontology.term(0)
    assert term.definition == 'A "large" head.'
    assert term.synonyms == (Synonym("Big head", "EXACT", "layperson"), Synonym("Megacephaly", "BROAD", ""))


def test_ancestors_descendants_and_branches() -> None:
    top, finding = ONTOLOGY.index("HP:0000118"), ONTOLOGY.index("HP:0001166")
    assert ONTOLOGY.is_a(finding, top)
    assert not ONTOLOGY.is_a(top, finding)
    assert finding in ONTOLOGY.descendants[top]
    assert ONTOLOGY.branch(finding) == "HP:0000118"
    assert ONTOLOGY.branch(ONTOLOGY.index("HP:0003577")) == "HP:0003674"
    assert ONTOLOGY.branch(ONTOLOGY.index("HP:0000001")) == ""
