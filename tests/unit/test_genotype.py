"""Families in files, the checks of samples, what a test could show, reported variants, and the reasons of filters."""

import math
from pathlib import Path

import numpy as np
import pytest

from hoofbeat.cases import (
    AcmgClassification,
    Expression,
    Gene,
    GenomicInterpretation,
    Interpretation,
    InterpretationStatus,
    OntologyClass,
    Reported,
    Variant,
    VcfRecord,
)
from hoofbeat.cases.called_variant import Build, Zygosity
from hoofbeat.cases.case import Case
from hoofbeat.cases.family import AffectedStatus
from hoofbeat.cases.sample_variants import PairCounts, SampleVariants, SiteCounts, TrioCounts
from hoofbeat.cases.subject import Sex
from hoofbeat.diagnosis.answered import answered, ranked_again
from hoofbeat.diagnosis.differential import ContributionKind
from hoofbeat.diagnosis.explain import candidates
from hoofbeat.diagnosis.genotype.checks import family_checks, sex_by_genotype
from hoofbeat.diagnosis.genotype.disease_ratios import UNSTATED, disease_ratios
from hoofbeat.diagnosis.genotype.evidence import LEAST_EXOME_RECORDS, GenotypeEvidence, TestKind, genotype_evidence
from hoofbeat.diagnosis.genotype.filters import screen
from hoofbeat.diagnosis.genotype.gene_ratio import clean_log_ratio
from hoofbeat.diagnosis.genotype.models import Model
from hoofbeat.diagnosis.genotype.modes import EVERY, Mode, modes_of
from hoofbeat.diagnosis.genotype.pathogenicity import RNA_GENES
from hoofbeat.diagnosis.genotype.why_filtered import why_filtered
from hoofbeat.diagnosis.rank import rank
from hoofbeat.diagnosis.score_parts import VARIANTS, score_parts
from hoofbeat.interchange.gene_background import read_gene_background, read_gene_list
from hoofbeat.interchange.ped import family_of, read_ped
from hoofbeat.interchange.report import InputError
from hoofbeat.interchange.reported_variants import reported_variants
from hoofbeat.interchange.vcf import read_vcf
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.gene_background import GeneBackground
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.library import Library, SolvedCase
from tests.vcf_files import csq, line, vcf, write_vcf

PED = "f\tchild\tfather\tmother\t1\t2\nf\tfather\t0\t0\t1\t1\nf\tmother\t0\t0\t2\t1\n"
TRIO = ("child", "father", "mother")
CASE = Case.of(["HP:0001166", "HP:0001083"])


def family(tmp_path: Path, text: str = PED) -> tuple[object, ...]:
    (tmp_path / "a.ped").write_text(text)
    return family_of(read_ped(tmp_path / "a.ped"), "child")


def read_trio(tmp_path: Path, *lines: str) -> SampleVariants:
    path = write_vcf(tmp_path / "a.vcf", vcf(*lines, samples=TRIO))
    return read_vcf(path, sample="child", relatives=TRIO, trios=(TRIO,), screen=screen())


def inherited_sites(random: np.random.Generator, n: int) -> list[str]:
    """Sites at which each parent gave one of its two alleles."""
    lines = []
    for pos in range(1, n + 1):
        father, mother = (sorted(random.integers(0, 2, 2).tolist()) for _ in range(2))
        child = sorted((int(random.choice(father)), int(random.choice(mother))))
        calls = ["/".join(map(str, pair)) for pair in (child, father, mother)]
        lines.append(line("1", pos, csq("X", "intron_variant"), *calls))
    return lines


def test_a_pedigree_gives_the_family_of_the_sample_alone(tmp_path: Path) -> None:
    people = family(tmp_path, PED + "g\tother\tabsent\t0\t2\t2\n# a remark\n")
    assert [one.individual_id for one in people] == list(TRIO)  # type: ignore[attr-defined]
    assert people[0].affected_status is AffectedStatus.AFFECTED  # type: ignore[attr-defined]


def test_a_person_of_one_name_in_two_families_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two families"):
        family(tmp_path, PED + "g\tchild\t0\t0\t2\t2\n")


def test_a_true_trio_contradicts_nothing(tmp_path: Path) -> None:
    tested = read_trio(tmp_path, *inherited_sites(np.random.default_rng(1), 400))
    (trio,) = tested.sites.trios
    assert trio.errors == 0
    assert trio.sites > 300
    checks = family_checks(tested, family(tmp_path), Sex.UNKNOWN)  # type: ignore[arg-type]
    assert len(checks) == 3
    assert not any(check.contradicts for check in checks)


def test_a_father_who_is_none_is_told_first_and_no_allele_is_called_new(tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    lines = inherited_sites(random, 400)
    strangers = [sorted(random.integers(0, 2, 2).tolist()) for _ in lines]
    wrong = []
    for text, stranger in zip(lines, strangers, strict=True):
        cells = text.split("\t")
        cells[10] = "/".join(map(str, stranger)) + ":15,15:30:99"
        wrong.append("\t".join(cells))
    wrong.append(line("15", 5000, csq("FBN1", "stop_gained"), "0/1", "0/0", "0/0"))
    tested = read_trio(tmp_path, *wrong)
    evidence = genotype_evidence(tested, family=family(tmp_path), kind=TestKind.EXOME)  # type: ignore[arg-type]
    contradicting = [check.what for check in evidence.contradictions]
    assert "the person and both parents" in contradicting
    assert "the person and the father as child and parent" in contradicting
    assert "the person and the mother as child and parent" not in contradicting
    assert Model.NEW not in {one.model for one in evidence.models["FBN1"]}


def test_the_contradiction_is_the_first_note_of_the_differential(tmp_path: Path, hpo_facts: Facts) -> None:
    sites = SiteCounts(trios=(TrioCounts(0, 1, 2, 1000, 200),))
    tested = SampleVariants(Build.GRCH38, TRIO, (), sites=sites)
    evidence = genotype_evidence(tested, family=family(tmp_path))  # type: ignore[arg-type]
    first = rank(CASE, Knowledge.of(hpo_facts), genotype=evidence).notes[0]
    assert "contradict" in first.what
    assert "200 of 1,000 sites" in first.what
    assert "child" not in first.what.split()


def test_one_person_twice_is_found() -> None:
    sites = SiteCounts(pairs=(PairCounts(0, 1, 500, 499, 0),))
    tested = SampleVariants(Build.GRCH38, ("a", "b"), (), sites=sites)
    (check,) = family_checks(tested, (), Sex.UNKNOWN)
    assert check.contradicts
    assert "one person twice" in check.found


@pytest.mark.parametrize(
    ("counts", "sex"),
    [((1, 200), Sex.MALE), ((100, 200), Sex.FEMALE), ((30, 200), Sex.UNKNOWN), ((1, 10), Sex.UNKNOWN)],
)
def test_the_sex_shows_on_x(counts: tuple[int, int], sex: Sex) -> None:
    tested = SampleVariants(Build.GRCH38, ("a",), (), sites=SiteCounts(x=(counts,)))
    assert sex_by_genotype(tested) is sex


def test_a_stated_sex_that_x_contradicts_is_told() -> None:
    tested = SampleVariants(Build.GRCH38, ("a",), (), sites=SiteCounts(x=((100, 200),)))
    (check,) = family_checks(tested, (), Sex.MALE)
    assert check.contradicts
    assert "female, stated is male" in check.found


@pytest.mark.parametrize(
    ("records", "kind"), [(3, TestKind.LIST), (LEAST_EXOME_RECORDS, TestKind.EXOME), (4_000_000, TestKind.GENOME)]
)
def test_the_kind_of_test_is_told_from_the_number_of_records(records: int, kind: TestKind) -> None:
    assert genotype_evidence(SampleVariants(Build.GRCH38, ("a",), (), records=records)).kind is kind


def test_only_what_the_test_could_show_speaks_against_a_gene() -> None:
    nothing = SampleVariants(Build.GRCH38, ("a",), ())
    exome = genotype_evidence(nothing, kind=TestKind.EXOME)
    panel = genotype_evidence(nothing, kind=TestKind.EXOME, covered=frozenset({"FBN1"}))
    shown = [exome.could_show(gene) for gene in ("FBN1", "FMR1", "MT-ND1")]
    assert shown == [True, False, False]
    assert [panel.could_show(gene) for gene in ("FBN1", "CBS")] == [True, False]


def test_modes_come_from_the_annotations_and_unstated_means_any(hpo_facts: Facts) -> None:
    modes = modes_of(hpo_facts)
    known = {"OMIM:154700": Mode.DOMINANT, "OMIM:236200": Mode.RECESSIVE, "OMIM:309400": Mode.X_RECESSIVE}
    for identifier, mode in known.items():
        assert Mode(int(modes[hpo_facts.diseases.index(identifier)])) & mode, identifier
    assert (modes == int(EVERY)).any()


def test_a_recessive_disease_is_not_explained_by_a_dominant_model(tmp_path: Path, hpo_facts: Facts) -> None:
    path = write_vcf(tmp_path / "a.vcf", vcf(line("21", 5000, csq("CBS", "stop_gained"), "0/1")))
    evidence = genotype_evidence(read_vcf(path, screen=screen()), kind=TestKind.EXOME)
    differential = rank(CASE, Knowledge.of(hpo_facts), genotype=evidence)
    index = differential.index_of("OMIM:236200")
    assert index is not None
    assert differential.genotype is not None
    assert differential.genotype.best[index].model.model is Model.ONE_OF_TWO


def test_the_ratio_of_a_disease_is_the_mean_of_its_genes_each_by_how_likely_it_is_the_one(
    tmp_path: Path, hpo_facts: Facts
) -> None:
    """Usher syndrome type I: several genes, each of which may be the cause; OMIM names MYO7A, a group of ORPHA all."""
    lines = [line("11", 5000, csq("MYO7A", "stop_gained"), "1/1")]
    evidence = genotype_evidence(
        read_vcf(write_vcf(tmp_path / "a.vcf", vcf(*lines)), screen=screen()), kind=TestKind.EXOME
    )
    knowledge = Knowledge.of(hpo_facts)
    ratios = disease_ratios(evidence, knowledge)
    shares, several = knowledge.gene_shares, hpo_facts.diseases.of_gene("MYO7A").tolist()
    for disease in several:
        best = ratios.best[disease]
        own = best.model.log_lr + (0 if best.is_stated else math.log(UNSTATED))
        clean = clean_log_ratio(evidence.background.default)
        mean = 0.0
        for pair in shares.pairs_of(disease):
            symbol = shares.symbols[shares.gene[pair]]
            shown = own if symbol == "MYO7A" else clean if evidence.could_show(symbol) else 0.0
            mean += shares.share[pair] * math.exp(shown)
        assert ratios.log_lr[disease] == pytest.approx(math.log(mean))
        assert best.n_genes == len(hpo_facts.diseases.disease(disease).genes)
    usher = hpo_facts.diseases.index("OMIM:276900")
    assert ratios.best[usher].n_genes > 2
    assert ratios.best[usher].share > 2 / ratios.best[usher].n_genes, "OMIM's own gene counts for more"


def test_a_disease_that_only_solved_cases_know_is_found_by_their_gene(tmp_path: Path, hpo_facts: Facts) -> None:
    solved = [SolvedCase("OMIM:999999", "PMID:5", ("HP:0001250",), genes=("GENE9",))]
    knowledge = Knowledge.of(hpo_facts, Library.of(solved, hpo_facts.ontology))
    path = write_vcf(tmp_path / "a.vcf", vcf(line("7", 5000, csq("GENE9", "stop_gained"), "0/1")))
    evidence = genotype_evidence(read_vcf(path, screen=screen()), kind=TestKind.EXOME)
    differential = rank(CASE, knowledge, genotype=evidence)
    assert differential.genotype is not None
    index = differential.index_of("OMIM:999999")
    assert index is not None
    assert differential.genotype.log_lr[index] > 0
    explained = differential.explained("OMIM:999999")
    assert explained is not None
    assert explained.genes == ("GENE9",)
    (row,) = [one for one in explained.contributions if one.kind is ContributionKind.GENOTYPE]
    assert "that the gene causes the disease is known from solved cases alone" in row.sentence
    assert "no inheritance is described for the disease, so that any fits" in row.sentence
    assert "in <1% of patients" in _of_very_many_genes(evidence, hpo_facts)
    none = disease_ratios(
        genotype_evidence(
            read_vcf(write_vcf(tmp_path / "b.vcf", vcf(line("7", 5000, csq("CBS", "stop_gained"), "0/1")))),
            kind=TestKind.EXOME,
        ),
        knowledge,
    )
    assert none.log_lr[index] < 0, "an exome that shows the gene intact speaks against it"


def _of_very_many_genes(evidence: GenotypeEvidence, hpo_facts: Facts) -> str:
    """What is said where a solved case blames the gene, among a thousand others."""
    genes = tuple(f"GENE{number}" for number in range(1000))
    solved = [SolvedCase("OMIM:999999", "PMID:5", ("HP:0001250",), genes=genes)]
    explained = rank(
        CASE, Knowledge.of(hpo_facts, Library.of(solved, hpo_facts.ontology)), genotype=evidence
    ).explained("OMIM:999999")
    assert explained is not None
    return " ".join(row.sentence for row in explained.contributions)


def test_ranked_again_with_an_answer_is_ranked_as_if_it_had_been_there_from_the_start(
    tmp_path: Path, hpo_facts: Facts
) -> None:
    """What the variants say of the diseases is kept; the answer is not one of theirs."""
    path = write_vcf(tmp_path / "a.vcf", vcf(line("21", 5000, csq("CBS", "stop_gained"), "0/1")))
    evidence = genotype_evidence(read_vcf(path, screen=screen()), kind=TestKind.EXOME)
    knowledge = Knowledge.of(hpo_facts)
    case = answered(CASE, observed=("HP:0001250",))
    again = ranked_again(rank(CASE, knowledge, genotype=evidence), case)
    anew = rank(case, knowledge, genotype=evidence)
    assert np.array_equal(again.scores, anew.scores)
    assert not np.array_equal(again.scores, rank(case, knowledge).scores)
    assert again.genotype is not None
    assert again.genotype.evidence is evidence


def test_alleles_that_fit_no_stated_inheritance_count_little_and_say_so(tmp_path: Path, hpo_facts: Facts) -> None:
    """Two alleles of FBN1, of which Marfan syndrome needs one: neither is rare enough to be the one."""
    path = write_vcf(tmp_path / "a.vcf", vcf(line("15", 5000, csq("FBN1", "stop_gained", frequency="0.005"), "1/1")))
    evidence = genotype_evidence(read_vcf(path, screen=screen()), kind=TestKind.EXOME)
    differential = rank(CASE, Knowledge.of(hpo_facts), genotype=evidence)
    index = differential.index_of("OMIM:154700")
    assert index is not None
    assert differential.genotype is not None
    best = differential.genotype.best[index]
    assert (best.model.model, best.is_stated) == (Model.HOMOZYGOUS, False)
    assert differential.genotype.log_lr[index] == pytest.approx(best.model.log_lr + math.log(UNSTATED))
    (found,) = candidates(differential, {index: 1})
    rows = found.contributions
    row = next(one for one in rows if one.kind is ContributionKind.GENOTYPE)
    assert "described with another inheritance, so this counts only 5%;" in row.sentence


def test_a_clinics_background_is_no_source_of_how_often_alleles_are_new(tmp_path: Path, hpo_facts: Facts) -> None:
    inherited = line("15", 5000, csq("FBN1", "stop_gained"), "0/1", "0/1", "0/0")
    new = line("15", 5000, csq("FBN1", "stop_gained"), "0/1", "0/0", "0/0")
    for text, said in ((inherited, "; 1 in 50 people has a damaging"), (new, "; 1 in 1000 people has a new damaging")):
        evidence = genotype_evidence(
            read_trio(tmp_path, text),
            family=family(tmp_path),  # type: ignore[arg-type]
            kind=TestKind.EXOME,
            background=GeneBackground({"FBN1": 0.02}, source="clinic.tsv"),
        )
        differential = rank(CASE, Knowledge.of(hpo_facts), genotype=evidence)
        index = differential.index_of("OMIM:154700")
        assert index is not None
        (found,) = candidates(differential, {index: 1})
        (row,) = (one for one in found.contributions if one.kind is ContributionKind.GENOTYPE)
        assert said in row.sentence
        assert row.sentence.endswith("(assumed)" if text is new else "(clinic.tsv)")


def test_with_variants_too_the_parts_of_a_score_add_up_to_it(tmp_path: Path, hpo_facts: Facts) -> None:
    path = write_vcf(tmp_path / "a.vcf", vcf(line("21", 5000, csq("CBS", "stop_gained"), "0/1")))
    evidence = genotype_evidence(read_vcf(path, screen=screen()), kind=TestKind.EXOME)
    differential = rank(CASE, Knowledge.of(hpo_facts), genotype=evidence)
    diseases = np.arange(len(differential.scores))
    parts = score_parts(differential, diseases)
    np.testing.assert_allclose(np.sum(list(parts.values()), axis=0), differential.scores, atol=1e-4)
    assert np.any(parts[VARIANTS] != 0.0)


def test_a_clinics_own_background_is_used_and_named(tmp_path: Path) -> None:
    (tmp_path / "b.tsv").write_text("gene\talleles\nFBN1\t0.02\n*\t0.05\n")
    background = read_gene_background(tmp_path / "b.tsv")
    assert (background.of("fbn1"), background.of("OTHER"), background.source) == (0.02, 0.05, "b.tsv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("FBN1\t0.1\n", "the first line is not"),
        ("gene\talleles\nFBN1\tmany\n", "line 2: alleles: this is not a number"),
        ("gene\talleles\nFBN1\t-1\n", "line 2: alleles: expected alleles are not between"),
        ("gene\talleles\nFBN1\t1\nfbn1\t1\n", "line 3: gene: a gene stands twice"),
    ],
)
def test_a_bad_background_is_refused(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "b.tsv").write_text(text)
    with pytest.raises(InputError) as caught:
        read_gene_background(tmp_path / "b.tsv")
    assert said in str(caught.value)


def test_a_list_of_covered_genes_is_read(tmp_path: Path) -> None:
    (tmp_path / "g.txt").write_text("# panel\nfbn1\nTGFBR2\textra\n\n")
    assert read_gene_list(tmp_path / "g.txt") == {"FBN1", "TGFBR2"}


def reported(status: InterpretationStatus) -> Reported:
    variant = Variant(
        id="v",
        gene=Gene("HGNC:3603", "FBN1"),
        expressions=(Expression("hgvs.c", "NM_1.1:c.100C>T"), Expression("hgvs.p", "NP_1.1:p.(Gln34Ter)")),
        allelic_state=OntologyClass("GENO:0000136", "homozygous"),
    )
    one = GenomicInterpretation("child", status, None, variant, AcmgClassification.PATHOGENIC)
    return Reported(interpretations=(Interpretation("i", genomic_interpretations=(one,)),))


def test_reported_variants_bring_what_was_found_and_never_what_was_concluded() -> None:
    found = [reported_variants(reported(status)) for status in InterpretationStatus]
    assert all(one == found[0] for one in found)
    (variant,) = found[0].variants
    assert variant.call.zygosity is Zygosity.HOMOZYGOUS
    assert variant.effects[0].consequences == ("stop_gained",)
    assert variant.acmg is AcmgClassification.PATHOGENIC
    hidden = reported_variants(reported(InterpretationStatus.CAUSATIVE), with_classes=False)
    assert hidden.variants[0].acmg is AcmgClassification.NOT_PROVIDED


@pytest.mark.parametrize("term", ["non_coding_transcript_exon_variant", "mature_miRNA_variant"])
@pytest.mark.parametrize(
    ("chrom", "gene", "counts"), [("12", "RNU4-2", True), ("MT", "MT-TL1", True), ("12", "FBN1", False)]
)
def test_a_change_of_an_exon_without_a_protein_counts_where_the_gene_makes_an_rna(
    term: str, chrom: str, gene: str, counts: bool, tmp_path: Path
) -> None:
    path = write_vcf(tmp_path / "a.vcf", vcf(line(chrom, 5, csq(gene, term), "0/1")))
    evidence = genotype_evidence(read_vcf(path, screen=screen()))
    assert (gene in evidence.by_gene) is counts


def test_what_the_reader_looks_for_lets_no_gene_of_an_rna_go_by() -> None:
    words = screen().words
    assert [gene for gene in RNA_GENES if not any(word in gene.encode() for word in words)] == []


def test_two_alleles_of_one_place_lie_on_different_chromosomes_on_one_line_or_two(tmp_path: Path) -> None:
    both = f"{csq('CBS', 'stop_gained')},{csq('CBS', 'stop_gained', allele='T')[4:]}"
    joined = (line("21", 7000, both, "1/2", "1/2", alt="A,T"),)
    split = tuple(
        line("21", 7000, csq("CBS", "stop_gained", allele=alt), call, "0/1", alt=alt)
        for alt, call in (("A", "0/1"), ("T", "1/0"))
    )
    for lines in (joined, split):
        path = write_vcf(tmp_path / "a.vcf", vcf(*lines, samples=TRIO[:2]))
        tested = read_vcf(path, sample="child", relatives=TRIO[:2], screen=screen())
        for relatives in ((), family(tmp_path)):
            models = genotype_evidence(tested, family=relatives).models["CBS"]  # type: ignore[arg-type]
            (compound,) = [one for one in models if one.model is Model.COMPOUND]
            assert compound.why == "two alleles on different chromosomes"


def test_a_base_and_an_insertion_behind_it_may_lie_on_one_chromosome(tmp_path: Path) -> None:
    alleles = (("A", "missense_variant"), ("GT", "frameshift_variant"))
    lines = [line("21", 7000, csq("CBS", what, allele=alt), "0/1", alt=alt) for alt, what in alleles]
    tested = read_vcf(write_vcf(tmp_path / "a.vcf", vcf(*lines)), screen=screen())
    (compound,) = [one for one in genotype_evidence(tested).models["CBS"] if one.model is Model.COMPOUND]
    assert "phase is unknown" in compound.why


def test_an_allele_that_two_lines_or_two_reports_name_is_no_compound_heterozygote(tmp_path: Path) -> None:
    again = line("21", 7000, csq("CBS", "stop_gained"), "0/1")
    tested = read_vcf(write_vcf(tmp_path / "a.vcf", vcf(again, again)), screen=screen())
    assert Model.COMPOUND not in {one.model for one in genotype_evidence(tested).models["CBS"]}
    record = VcfRecord("hg38", "chr21", 7000, "G", "A")
    reports = tuple(
        GenomicInterpretation(variant=Variant(id=name, gene=Gene("HGNC:1550", "CBS"), vcf_record=record))
        for name in ("one", "other")
    )
    found = reported_variants(Reported(interpretations=(Interpretation("i", genomic_interpretations=reports),)))
    assert len(found.variants) == 1


def test_why_filtered_names_each_step_and_the_end(tmp_path: Path) -> None:
    path = write_vcf(
        tmp_path / "a.vcf",
        vcf(line("15", 5, csq("FBN1", "stop_gained"), "0/1"), line("15", 9, csq("FBN1", frequency="0.2"), "0/1")),
    )
    evidence = genotype_evidence(read_vcf(path, screen=screen()))
    (kept,) = why_filtered("15-5-G-A", evidence)
    assert kept.verdict == "counts in FBN1"
    assert all(step.passed for step in kept.steps)
    (unknown,) = why_filtered("15:9", evidence)
    assert "read the file again" in unknown.verdict
    with pytest.raises(InputError, match="names no variant"):
        why_filtered("not a variant!", evidence)


def test_an_allele_without_a_frequency_is_not_seen_where_the_file_states_others(tmp_path: Path) -> None:
    """It counts as in no database, so nothing may call its frequency unknown; else nobody knows it."""
    missing = line("15", 5000, csq("FBN1", "stop_gained"), "0/1")
    stated = line("21", 5000, csq("CBS", "stop_gained", frequency="0.0001"), "0/1")
    for lines, said in (((missing, stated), "not seen in a database"), ((missing,), "unknown")):
        path = write_vcf(tmp_path / "a.vcf", vcf(*lines))
        evidence = genotype_evidence(read_vcf(path, screen=screen()), kind=TestKind.EXOME)
        (trace,) = why_filtered("FBN1", evidence)
        assert {step.value for step in trace.steps if step.filter.startswith("frequency")} == {said}


def test_how_common_an_allele_is_is_said_of_causes_and_of_anybody_in_whole_sentences(
    tmp_path: Path, hpo_facts: Facts
) -> None:
    rare = line("15", 5000, csq("FBN1", "stop_gained"), "0/1")
    more_frequent = line("15", 5000, csq("FBN1", "stop_gained", frequency="0.0001"), "0/1")
    other = line("21", 5000, csq("CBS", "stop_gained", frequency="0.0001"), "0/1")
    for text, said in (
        (rare, "a variant this rare is 17 times as common among causes of disease as in anybody"),
        (more_frequent, "a variant this frequent is 8.2 times as common in anybody as among causes of disease"),
    ):
        path = write_vcf(tmp_path / "a.vcf", vcf(text, other))
        evidence = genotype_evidence(read_vcf(path, screen=screen()), kind=TestKind.EXOME)
        differential = rank(CASE, Knowledge.of(hpo_facts), genotype=evidence)
        explained = differential.explained("OMIM:154700")
        assert explained is not None
        (row,) = (one for one in explained.contributions if one.kind is ContributionKind.GENOTYPE)
        assert row.sentence.endswith(f"1 in 10 people has a damaging variant of this gene anyway (assumed); {said}")
