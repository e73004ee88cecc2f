"""What knowledge means, in examples that a clinician can check by hand against HPO and Orphanet."""

from pathlib import Path

import pytest

from hoofbeat.knowledge.build import build
from hoofbeat.knowledge.crossreferences import Link, Relation
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.hpoa import Evidence, Sex
from hoofbeat.knowledge.sources import Sources
from hoofbeat.knowledge.stated_frequency import Band, Counts, Percent, Unknown, parse_frequency
from hoofbeat.knowledge.twins import Entry, merge_twins
from tests.small_release import (
    HEADER,
    LENS,
    MARFAN,
    NAIL,
    ROWS,
    hpoa_text,
    row,
    write_small_release,
)


def opened(folder: Path, target: Path) -> Facts:
    return Facts.open(build(Sources.in_folder(folder), target).path)


@pytest.mark.parametrize(
    ("written", "meaning", "shown"),
    [
        ("124/197", Counts(124, 197), "124/197"),
        ("0/12", Counts(0, 12), "0/12"),
        ("45%", Percent(0.45), "45 %"),
        ("33.3%", Percent(0.333), "33.3 %"),
        ("HP:0040280", Band("HP:0040280", "obligate", 1.0, 1.0), "obligate (100 %)"),
        ("HP:0040281", Band("HP:0040281", "very frequent", 0.80, 0.99), "very frequent (80-99 %)"),
        ("HP:0040282", Band("HP:0040282", "frequent", 0.30, 0.79), "frequent (30-79 %)"),
        ("HP:0040283", Band("HP:0040283", "occasional", 0.05, 0.29), "occasional (5-29 %)"),
        ("HP:0040284", Band("HP:0040284", "very rare", 0.01, 0.04), "very rare (1-4 %)"),
        ("HP:0040285", Band("HP:0040285", "excluded", 0.0, 0.0), "excluded (0 %)"),
        ("", Unknown(), "not stated"),
    ],
)
def test_a_frequency_is_read_as_it_is_stated_and_never_rounded(written: str, meaning: object, shown: str) -> None:
    frequency = parse_frequency(written)
    assert frequency == meaning
    assert frequency.text() == shown


@pytest.mark.parametrize("written", ["3/2", "0/0", "101%", "often", "1/", "-1/4"])
def test_a_frequency_that_cannot_be_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=written.replace("/", ".")):
        parse_frequency(written)


def test_every_statement_keeps_its_source_frequency_and_date(small_release: Path, tmp_path: Path) -> None:
    facts = opened(small_release, tmp_path / "built")
    marfan, arachnodactyly = facts.diseases.index("OMIM:154700"), facts.ontology.index("HP:0001166")

    counted, orphanet = facts.stated(marfan, arachnodactyly)

    assert (counted.entry, counted.frequency_text()) == ("OMIM:154700", "124/197")
    assert counted.references == ("PMID:28050285", "PMID:33436942")
    assert counted.evidence is Evidence.PCS
    assert str(counted.curated) == "2020-05-01"
    assert (orphanet.entry, orphanet.frequency_text()) == ("ORPHA:558", "very frequent (80-99 %)")


def test_onset_sex_and_modifiers_of_a_row_are_kept(small_release: Path, tmp_path: Path) -> None:
    facts = opened(small_release, tmp_path / "built")

    (lens,) = facts.stated(facts.diseases.index("OMIM:154700"), facts.ontology.index("HP:0001083"))

    assert lens.sex is Sex.MALE
    assert lens.onset == facts.ontology.index("HP:0003577")
    assert lens.modifiers == (facts.ontology.index("HP:0012828"),)


def test_not_and_none_of_m_both_say_looked_for_and_absent(small_release: Path, tmp_path: Path) -> None:
    facts = opened(small_release, tmp_path / "built")
    palate = facts.ontology.index("HP:0002705")

    (negated,) = facts.stated(facts.diseases.index("OMIM:154700"), palate)
    (none_of_twelve,) = facts.stated(facts.diseases.index("OMIM:161200"), palate)
    (unstated,) = facts.stated(facts.diseases.index("DECIPHER:18"), palate)

    assert [negated.is_absence, none_of_twelve.is_absence, unstated.is_absence] == [True, True, False]
    assert negated.frequency_text() == "absent"
    assert none_of_twelve.frequency_text() == "0/12"


def test_the_date_of_a_row_is_that_of_its_latest_curation(small_release: Path, tmp_path: Path) -> None:
    facts = opened(small_release, tmp_path / "built")
    (twice_curated,) = facts.stated(facts.diseases.index("OMIM:161200"), facts.ontology.index("HP:0002705"))
    assert str(twice_curated.curated) == "2023-10-04"


def test_an_obsolete_finding_is_read_as_its_successor_and_reported(small_release: Path, tmp_path: Path) -> None:
    facts = opened(small_release, tmp_path / "built")
    nail = facts.diseases.index("ORPHA:2614")
    assert facts.stated(nail, facts.ontology.index("HP:0001166"))
    mapped = facts.manifest["report"]["mapped_ids"]
    assert mapped == [{"given": "HP:0009999", "used": "HP:0001166", "rows": 1}]


def test_rows_that_quote_a_publication_are_found(small_release: Path, tmp_path: Path) -> None:
    facts = opened(small_release, tmp_path / "built")
    (quoting,) = facts.annotations.citing("PMID:33436942").tolist()
    assert facts.annotations.row(quoting, facts.diseases).frequency == Counts(124, 197)
    assert facts.annotations.citing("PMID:404").tolist() == []


def twins_of(links: list[Link]) -> tuple[tuple[str, ...], ...]:
    entries = [
        Entry("OMIM:154700", ("Marfan syndrome",), frozenset({2200})),
        Entry("ORPHA:558", ("Marfan syndrome",)),
        Entry("OMIM:129600", ("Ectopia lentis, familial",), frozenset({2200})),
        Entry("ORPHA:1885", ("Isolated ectopia lentis",), frozenset({2200})),
    ]
    return merge_twins(entries, links).groups


def link(orpha: str, omim: str, relation: Relation) -> Link:
    return Link(orpha, omim, relation, "test")


def test_entries_linked_as_exact_are_one_disease() -> None:
    groups = twins_of([link("ORPHA:1885", "OMIM:129600", Relation.EXACT)])
    assert ("OMIM:129600", "ORPHA:1885") in groups


def test_a_broader_entry_of_the_same_name_is_the_same_disease() -> None:
    """ORPHA:558 joins OMIM:154700 though Orphanet calls the link "broader"."""
    groups = twins_of([link("ORPHA:558", "OMIM:154700", Relation.BROADER)])
    assert ("OMIM:154700", "ORPHA:558") in groups


def test_a_broader_entry_of_another_name_stays_apart() -> None:
    links = [
        link("ORPHA:558", "OMIM:154700", Relation.EXACT),
        link("ORPHA:558", "OMIM:129600", Relation.BROADER),
    ]
    assert ("OMIM:129600",) in twins_of(links)


def test_a_same_name_does_not_join_what_is_exactly_something_else() -> None:
    links = [
        link("ORPHA:558", "OMIM:129600", Relation.EXACT),
        link("ORPHA:558", "OMIM:154700", Relation.BROADER),
    ]
    assert ("OMIM:154700",) in twins_of(links)


def test_contradictory_links_keep_all_entries_apart_and_are_listed() -> None:
    entries = [Entry("ORPHA:302", ("A",)), Entry("OMIM:226400", ("A, 1",)), Entry("OMIM:618231", ("A, 2",))]
    links = [link("ORPHA:302", "OMIM:226400", Relation.EXACT), link("ORPHA:302", "OMIM:618231", Relation.EXACT)]
    twins = merge_twins(entries, links)
    assert twins.groups == (("OMIM:226400",), ("OMIM:618231",), ("ORPHA:302",))
    assert twins.contradictory == (("OMIM:226400", "OMIM:618231", "ORPHA:302"),)


def test_without_any_links_equal_names_join_unless_the_genes_disagree() -> None:
    entries = [
        Entry("OMIM:154700", ("Marfan syndrome",), frozenset({2200})),
        Entry("ORPHA:558", ("Marfan syndrome",)),
        Entry("OMIM:609460", ("Goldberg-Shprintzen syndrome",), frozenset({26128})),
        Entry("ORPHA:2462", ("Goldberg-Shprintzen syndrome",), frozenset({2200})),
        Entry("DECIPHER:17", ("Marfan syndrome",)),
    ]
    assert merge_twins(entries, []).groups == (
        ("OMIM:154700", "ORPHA:558"),
        ("OMIM:609460",),
        ("ORPHA:2462",),
        ("DECIPHER:17",),
    )


def test_a_merged_disease_is_found_by_the_id_of_any_member(tmp_path: Path) -> None:
    facts = opened(write_small_release(tmp_path / "files", links=True), tmp_path / "built")
    marfan = facts.diseases.disease(facts.diseases.index("Orphanet:558"))
    assert (marfan.id, marfan.name, marfan.same_as) == ("OMIM:154700", "Marfan syndrome", ("ORPHA:558",))
    assert [gene.symbol for gene in marfan.genes] == ["FBN1"]
    assert facts.diseases.inheritance[marfan.index].tolist() == [facts.ontology.index("HP:0000006")]


def test_broader_and_narrower_diseases_know_each_other(tmp_path: Path) -> None:
    facts = opened(write_small_release(tmp_path / "files", links=True), tmp_path / "built")
    marfan, lens = facts.diseases.index(MARFAN[0]), facts.diseases.index(LENS[0])
    assert facts.diseases.narrower[marfan].tolist() == [lens]
    assert facts.diseases.broader[lens].tolist() == [marfan]


def test_a_row_with_more_patients_than_there_were_is_skipped_counted_and_listed(tmp_path: Path) -> None:
    rows = (*ROWS * 40, row(NAIL, "HP:0001166", frequency="3/2"), row(NAIL, "HP:0001166", frequency="0/0"))
    facts = opened(write_small_release(tmp_path / "files", rows=rows), tmp_path / "built")
    skipped = facts.manifest["report"]["skipped_rows"]
    line = 3 + 40 * len(ROWS)
    assert [entry["line"] for entry in skipped] == [line + 1, line + 2]
    assert "3/2" in skipped[0]["reason"]
    assert facts.manifest["counts"]["rows"] == 40 * len(ROWS)


def test_a_missing_column_refuses_the_build_and_says_which(small_release: Path, tmp_path: Path) -> None:
    broken = hpoa_text(header=HEADER.replace("\tfrequency", "\thow_often"))
    (small_release / "phenotype.hpoa").write_text(broken, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"phenotype\.hpoa:3: column frequency missing") as caught:
        build(Sources.in_folder(small_release), tmp_path / "built")
    assert "unaltered phenotype.hpoa" in caught.value.repair
    assert not (tmp_path / "built").exists()


def test_columns_are_found_by_name_wherever_they_stand(small_release: Path, tmp_path: Path) -> None:
    expected = opened(small_release, tmp_path / "built")
    turned = [[*line.split("\t")[::-1], "extra"] for line in (HEADER, *ROWS)]
    header, *rows = ("\t".join(cells) for cells in turned)
    text = hpoa_text(tuple(rows), header=header)
    (small_release / "phenotype.hpoa").write_text(text, encoding="utf-8")
    found = opened(small_release, tmp_path / "again")
    assert found.annotations.findings.n.tolist() == expected.annotations.findings.n.tolist()
    assert found.manifest["counts"] == expected.manifest["counts"]
