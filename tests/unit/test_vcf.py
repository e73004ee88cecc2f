"""How a VCF is read: annotations of three tools, frequencies, genotypes, structural variants, and the build."""

import gzip
from decimal import Decimal
from pathlib import Path

import pytest

from hoofbeat.cases.called_variant import Build, CalledVariant, ClinVar, Zygosity
from hoofbeat.cases.reported import AcmgClassification
from hoofbeat.cases.sample_variants import SampleVariants
from hoofbeat.diagnosis.genotype.filters import screen
from hoofbeat.interchange.gene_regions import read_gene_regions
from hoofbeat.interchange.hgvs import consequences
from hoofbeat.interchange.report import InputError
from hoofbeat.interchange.vcf import asked, look_at_header, read_vcf
from hoofbeat.interchange.vcf.annotations import trimmed
from hoofbeat.interchange.vcf.clinvar import clinvar_class
from hoofbeat.interchange.vcf.frequencies import frequency, is_frequency
from tests.vcf_files import CSQ_LINE, HG19, HG38, csq, line, vcf, write_vcf

ANN = (
    "##INFO=<ID=ANN,Number=.,Type=String,Description=\"Functional annotations: 'Allele | Annotation | "
    "Annotation_Impact | Gene_Name | Gene_ID | Feature_Type | Feature_ID | Transcript_BioType | Rank | HGVS.c | "
    "HGVS.p'\">"
)
BCSQ = (
    '##INFO=<ID=BCSQ,Number=.,Type=String,Description="Local consequence annotation from BCFtools/csq. Format: '
    'Consequence|gene|transcript|biotype|strand|amino_acid_change|dna_change">'
)


def read(tmp_path: Path, *lines: str, head: tuple[str, ...] = (HG38, CSQ_LINE), **options: object) -> SampleVariants:
    """What is read of a file with one sample."""
    return read_vcf(write_vcf(tmp_path / "a.vcf", vcf(*lines, head=head)), **options)  # type: ignore[arg-type]


def one(tmp_path: Path, *lines: str, head: tuple[str, ...] = (HG38, CSQ_LINE)) -> CalledVariant:
    (variant,) = read(tmp_path, *lines, head=head).variants
    return variant


def test_vep_is_read_by_the_order_that_its_header_states(tmp_path: Path) -> None:
    reordered = CSQ_LINE.replace("Allele|Consequence|SYMBOL", "SYMBOL|Allele|Consequence")
    info = "CSQ=FBN1|A|stop_gained&splice_region_variant|ENST1|c.1A>G|p.Lys1Ter|1.2e-05|likely_pathogenic"
    variant = one(tmp_path, line("chr15", 5, info, "0/1"), head=(HG38, reordered))
    (effect,) = variant.effects
    assert (effect.gene, effect.consequences) == ("FBN1", ("stop_gained", "splice_region_variant"))
    assert (effect.hgvs_c, effect.hgvs_p, effect.transcript) == ("c.1A>G", "p.Lys1Ter", "ENST1")
    assert variant.frequency == Decimal("0.000012")
    assert variant.clinvar is ClinVar.LIKELY_PATHOGENIC
    assert (variant.chrom, variant.call.zygosity) == ("15", Zygosity.HETEROZYGOUS)


def test_snpeff_and_bcftools_give_the_same_terms(tmp_path: Path) -> None:
    snpeff = "ANN=A|missense_variant|MODERATE|FBN1|ENSG1|transcript|NM_1.1|protein_coding|1/2|c.1G>A|p.Gly1Arg"
    bcftools = "BCSQ=missense|FBN1|ENST1|protein_coding|+|1G>1R|5G>A"
    found = [
        one(tmp_path, line("15", 5, info, "0/1"), head=(HG38, head)).effects[0]
        for info, head in ((snpeff, ANN), (bcftools, BCSQ))
    ]
    assert {(effect.gene, effect.consequences) for effect in found} == {("FBN1", ("missense_variant",))}


def test_of_several_transcripts_the_worst_counts_and_of_equal_ones_the_preferred(tmp_path: Path) -> None:
    info = f"{csq('FBN1', 'intron_variant')},{csq('FBN1', 'stop_gained')[4:]},{csq('OTHER', 'missense_variant')[4:]}"
    variant = one(tmp_path, line("15", 5, info, "0/1"))
    assert {effect.gene: effect.consequences for effect in variant.effects} == {
        "FBN1": ("stop_gained",),
        "OTHER": ("missense_variant",),
    }


def test_each_allele_of_a_line_gets_its_own_annotation_frequency_and_copies(tmp_path: Path) -> None:
    info = f"{csq('FBN1', allele='A', frequency='0.1')},{csq('FBN1', 'stop_gained', allele='T', frequency='0.2')[4:]}"
    first, second = read(tmp_path, line("15", 5, info, "1/2:3,10,17:30:99", alt="A,T")).variants
    assert [one.effects[0].consequences for one in (first, second)] == [("missense_variant",), ("stop_gained",)]
    assert [one.frequency for one in (first, second)] == [Decimal("0.1"), Decimal("0.2")]
    assert [(one.call.copies, one.call.alt_depth) for one in (first, second)] == [(1, 10), (1, 17)]


@pytest.mark.parametrize(
    ("ref", "alts", "expected"),
    [
        ("G", ("A", "T"), ["A", "T"]),
        ("GA", ("G",), ["-"]),
        ("G", ("GT",), ["T"]),
        ("GA", ("G", "GAT"), ["-", "AT"]),
        ("GA", ("G", "*"), ["-", "*"]),
    ],
)
def test_alleles_are_named_as_vep_names_them(ref: str, alts: tuple[str, ...], expected: list[str]) -> None:
    named = [trimmed(ref, alts, place) if alt != "*" else "*" for place, alt in enumerate(alts)]
    assert named == expected


@pytest.mark.parametrize(
    "name",
    [
        "gnomAD_AF", "gnomADe_AF", "gnomADg_AF", "gnomad_exomes_AF", "gnomAD_genome_ALL", "gnomad41_exome_AF",
        "gnomad_popmax_af", "AF_grpmax", "AF_popmax", "gnomADg_AF_popmax", "ExAC_AF", "MAX_AF", "gnomAD_joint_AF",
        "gnomad.AF", "TOPMED_AF",
    ],
)  # fmt: skip
def test_the_many_names_of_a_frequency_are_known(name: str) -> None:
    assert is_frequency(name)


@pytest.mark.parametrize("name", ["AF", "AC", "AN", "gnomAD_AC", "gnomAD_AN", "gnomAD_nhomalt", "MLEAF", "CAF_x", "DP"])
def test_what_counts_the_file_itself_is_no_frequency(name: str) -> None:
    assert not is_frequency(name)


def test_af_within_vep_is_that_of_the_thousand_genomes(tmp_path: Path) -> None:
    assert is_frequency("AF", in_annotation=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0.1", "0.1"), ("1e-05", "0.00001"), ("0", "0"), (".", None), ("", None), ("0.1&0.3", "0.3")],
)
def test_frequencies_are_exact_decimals_and_missing_is_not_zero(text: str, expected: str | None) -> None:
    assert frequency(text) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize("text", ["1e-300", "1e-99999999999", "0e-99999999999", "1e-99999999999&0"])
def test_a_frequency_that_no_population_can_have_is_none_and_costs_no_memory(text: str) -> None:
    assert str(frequency(text)) == "0"


@pytest.mark.parametrize("text", ["abc", "1.5", "-0.1", "Infinity", "1" * 50])
def test_what_is_no_frequency_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not|digits"):
        frequency(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pathogenic/Likely_pathogenic", ClinVar.PATHOGENIC),
        ("Conflicting_interpretations_of_pathogenicity", ClinVar.CONFLICTING),
        ("pathogenic&benign", ClinVar.CONFLICTING),
        ("Benign/Likely_benign", ClinVar.BENIGN),
        ("Uncertain_significance", ClinVar.UNCERTAIN),
        ("5", ClinVar.PATHOGENIC),
        ("risk_factor", ClinVar.OTHER),
        (".", None),
    ],
)
def test_what_clinvar_holds(text: str, expected: ClinVar | None) -> None:
    assert clinvar_class(text) is expected


def test_a_class_of_the_laboratory_is_read(tmp_path: Path) -> None:
    head = (HG38, CSQ_LINE, '##INFO=<ID=ACMG,Number=1,Type=String,Description="class">')
    assert one(tmp_path, line("1", 5, f"ACMG=LP;{csq('A')}", "0/1"), head=head).acmg is (
        AcmgClassification.LIKELY_PATHOGENIC
    )


@pytest.mark.parametrize(
    ("genotype", "zygosity"),
    [
        ("0/1", Zygosity.HETEROZYGOUS),
        ("1|0", Zygosity.HETEROZYGOUS),
        ("1/1", Zygosity.HOMOZYGOUS),
        ("1", Zygosity.HEMIZYGOUS),
        ("./1", Zygosity.HETEROZYGOUS),
        ("0/0", Zygosity.ABSENT),
        ("./.", Zygosity.UNKNOWN),
        (".", Zygosity.UNKNOWN),
    ],
)
def test_genotypes(tmp_path: Path, genotype: str, zygosity: Zygosity) -> None:
    called = line("1", 4, csq("A"), "0/1")
    found = read(tmp_path, called, line("1", 5, csq("A"), f"{genotype}:.:.:.")).variants
    assert found[1].call.zygosity is zygosity


def test_a_line_without_genotype_is_not_called(tmp_path: Path) -> None:
    called = line("1", 4, csq("A"), "0/1")
    found = read(tmp_path, called, line("1", 5, csq("A"), "30", keys="DP")).variants
    assert found[1].call.zygosity is Zygosity.UNKNOWN


def test_an_allele_on_two_lines_counts_once_and_with_the_fewest_copies(tmp_path: Path) -> None:
    twice = line("1", 5, csq("A"), "1/1"), line("1", 5, csq("A"), "0/1")
    for lines in (twice, twice[::-1]):
        found = read(tmp_path, *lines)
        assert [one.call.zygosity for one in found.variants] == [Zygosity.HETEROZYGOUS]
        assert found.dropped == {"repeated": 1}
        assert found.notes == (
            (
                "lines that repeat an allele: 1, as line 6",
                "of each, the line with the fewest copies counts",
            ),
        )


def test_who_asks_about_an_allele_on_two_lines_is_told_of_the_one_that_counts(tmp_path: Path) -> None:
    lines = line("1", 5, csq("A"), "1/1"), line("1", 5, csq("A"), "0/1")
    found = read(tmp_path, *lines, screen=screen([asked("1:5")]))
    assert found.asked == found.variants
    assert [one.call.zygosity for one in found.asked] == [Zygosity.HETEROZYGOUS]


def test_deletions_from_one_place_to_two_ends_are_two_alleles(tmp_path: Path) -> None:
    lines = (line("1", 100, f"END={end};{csq('A', 'transcript_ablation')}", "0/1", alt="<DEL>") for end in (900, 950))
    assert len(read(tmp_path, *lines).variants) == 2


def test_a_line_that_was_split_after_annotation_keeps_the_annotation_of_its_own_allele(tmp_path: Path) -> None:
    both = f"{csq('A', 'stop_gained')},{csq('A', 'synonymous_variant', allele='T')[4:]}"
    (silent,) = read(tmp_path, line("1", 5, both, "0/1", alt="T")).variants
    assert silent.effects[0].consequences == ("synonymous_variant",)
    elsewhere = one(tmp_path, line("1", 5, both, "0/1", alt="C"))
    assert elsewhere.effects[0].consequences == ("stop_gained",), "none names the allele: all count"
    joined = "BCSQ=stop_gained|A|ENST1|protein_coding|+|1K>1*|5G>A,synonymous|A|ENST1|protein_coding|+|1K|5G>T"
    (silent,) = read(tmp_path, line("1", 5, joined, "0/1", alt="T"), head=(HG38, BCSQ)).variants
    assert silent.effects[0].consequences == ("synonymous_variant",)


def test_encoded_characters_are_read_after_the_parts_are_told_apart(tmp_path: Path) -> None:
    info = csq("A", "stop_gained", coding="c.1_2delinsA%2CT", protein="p.Lys1%3D%1B[31m")
    found = one(tmp_path, line("1", 5, info, "0/1"))
    assert [(e.gene, e.hgvs_c, e.hgvs_p) for e in found.effects] == [("A", "c.1_2delinsA,T", "p.Lys1=%1B[31m")]


@pytest.mark.parametrize("name", ["NC_000007.14", "NC_000007.13", "chr7", "CHR7", "7"])
def test_a_chromosome_has_many_names(tmp_path: Path, name: str) -> None:
    assert one(tmp_path, line(name, 5, csq("A"), "0/1")).chrom == "7"


@pytest.mark.parametrize(("name", "chrom"), [("NC_000023.11", "X"), ("NC_012920.1", "MT"), ("chrm", "MT"), ("x", "X")])
def test_so_have_the_others(tmp_path: Path, name: str, chrom: str) -> None:
    assert one(tmp_path, line(name, 5, csq("A"), "0/1")).chrom == chrom


def test_phase_sets_are_kept_and_only_of_phased_calls(tmp_path: Path) -> None:
    phased, unphased = read(
        tmp_path,
        line("1", 5, csq("A"), "1|0:7", keys="GT:PS"),
        line("1", 6, csq("A"), "0/1:7", keys="GT:PS"),
    ).variants
    assert (phased.call.haplotype, phased.call.phase_set) == (0, "7")
    assert (unphased.call.haplotype, unphased.call.phase_set) == (None, "")


def test_structural_variants_reach_to_their_end_by_end_or_length(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        line("1", 100, f"SVTYPE=DEL;END=900;{csq('A', 'transcript_ablation')}", "0/1", alt="<DEL>"),
        line("1", 200, f"SVTYPE=DUP;SVLEN=50;{csq('A')}", "0/1", alt="<DUP:TANDEM>"),
        line("1", 300, f"SVTYPE=BND;{csq('A')}", "0/1", alt="G[chr2:321681["),
    ).variants
    assert [(one.sv_type, one.end) for one in found] == [("DEL", 900), ("DUP", 250), ("BND", 300)]


def test_genes_of_a_deletion_without_annotation_come_from_the_users_regions(tmp_path: Path) -> None:
    (tmp_path / "genes.bed").write_text("chr1\t149\t300\tINSIDE\nchr1\t849\t2000\tCUT\nchr1\t5000\t6000\tFAR\n")
    (tmp_path / "genes.gtf").write_text(
        'chr1\tx\tgene\t150\t300\t.\t+\t.\tgene_name "INSIDE";\nchr1\tx\texon\t150\t200\t.\t+\t.\tgene_name "INSIDE";\n'
        'chr1\tx\tgene\t850\t2000\t.\t-\t.\tgene_name "CUT";\n'
    )
    for name in ("genes.bed", "genes.gtf"):
        deletion = line("1", 100, "SVTYPE=DEL;END=900", "0/1", alt="<DEL>")
        found = read(tmp_path, deletion, head=(HG38,), regions=read_gene_regions(tmp_path / name))
        effects = found.variants[0].effects
        assert [(one.gene, *one.consequences) for one in effects] == [
            ("INSIDE", "transcript_ablation"),
            ("CUT", "feature_truncation"),
        ]


def test_spanning_deletions_and_reference_blocks_are_counted_and_never_scored(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        line("1", 5, csq("A", allele="A"), "1/2:1,2,3:30:99", alt="A,*"),
        line("1", 6, "END=9", "0/0", alt="<NON_REF>"),
    )
    assert [one.alt for one in found.variants] == ["A"]
    assert found.dropped == {"no allele": 2}
    assert found.alleles == 3


@pytest.mark.parametrize(
    ("head", "build"),
    [
        ((HG38,), Build.GRCH38),
        ((HG19,), Build.GRCH37),
        (("##reference=file:///data/GRCh38.fa",), Build.GRCH38),
        (("##reference=hs37d5.fa.gz",), Build.GRCH37),
        (('##VEP="v110" assembly="GRCh38.p14"',), Build.GRCH38),
        (("##contig=<ID=1,assembly=b37>",), Build.GRCH37),
    ],
)
def test_the_build_is_told_from_the_header(tmp_path: Path, head: tuple[str, ...], build: Build) -> None:
    assert read(tmp_path, line("1", 5, csq("A"), "0/1"), head=(*head, CSQ_LINE)).build is build


def test_a_build_that_the_header_does_not_say_can_be_said(tmp_path: Path) -> None:
    assert read(tmp_path, line("1", 5, csq("A"), "0/1"), head=(CSQ_LINE,), build=Build.GRCH37).build is Build.GRCH37


def test_gzip_in_several_members_is_read_to_its_end(tmp_path: Path) -> None:
    text = vcf(*(line("1", pos, csq("A"), "0/1") for pos in range(1, 2000)))
    half = len(text) // 2
    (tmp_path / "a.vcf.gz").write_bytes(gzip.compress(text[:half].encode()) + gzip.compress(text[half:].encode()))
    assert len(read_vcf(tmp_path / "a.vcf.gz").variants) == 1999


def test_an_unsorted_file_is_noted_and_nothing_is_lost(tmp_path: Path) -> None:
    found = read(tmp_path, line("1", 9, csq("A"), "0/1"), line("1", 5, csq("A"), "0/1"))
    assert len(found.variants) == 2
    assert found.notes == (("the file is not in order of position from line 6 on", "nothing is lost"),)


def test_nothing_vanishes(tmp_path: Path) -> None:
    lines = (
        line("1", 1, csq("A", frequency="0.4"), "0/1"),
        line("1", 2, csq("A", "intron_variant"), "0/1"),
        line("1", 3, csq("A"), "0/0"),
        line("1", 4, csq("A"), "0/1", filters="LowQual"),
        line("1", 5, csq("A"), "0/1:30,1:31:99"),
        line("1", 6, csq("A", clinvar="benign"), "0/1"),
        line("chrUn_1", 7, csq("A"), "0/1"),
        line("1", 8, csq("A"), "0/1"),
    )
    found = read(tmp_path, *lines, screen=screen())
    assert found.dropped == dict.fromkeys(
        ("frequency", "consequence", "carried", "caller", "quality", "benign", "contig"), 1
    )
    assert sum(found.dropped.values()) + len(found.variants) == found.alleles == 8


@pytest.mark.parametrize(
    ("text", "is_meant"),
    [
        ("chr1:5", True), ("1-5-G-A", True), ("1-5-G-T", False), ("1:6", False), ("c.1A>G", True),
        ("NM_1.1:c.1A>G", True), ("fbn1", True), ("FBN2", False), ("p.Lys1Ter", True),
    ],
)  # fmt: skip
def test_a_variant_is_asked_for_by_place_name_or_gene(tmp_path: Path, text: str, is_meant: bool) -> None:
    lines = line("1", 5, csq("FBN1", "intron_variant", coding="NM_1.1:c.1A>G", protein="NP_1:p.Lys1Ter"), "0/1")
    found = read(tmp_path, lines, screen=screen([asked(text)]))
    assert bool(found.asked) is is_meant
    assert found.dropped == {"consequence": 1}


@pytest.mark.parametrize(
    ("coding", "protein", "expected"),
    [
        ("c.174del", "p.(Asn59IlefsTer51)", "frameshift_variant"),
        ("c.1A>G", "p.(Met1?)", "start_lost"),
        ("c.100C>T", "p.(Gln34Ter)", "stop_gained"),
        ("c.100C>T", "p.Gln34*", "stop_gained"),
        ("c.100C>T", "p.(Arg34Cys)", "missense_variant"),
        ("c.102C>T", "p.(Arg34=)", "synonymous_variant"),
        ("c.100_102del", "p.(Arg34del)", "inframe_deletion"),
        ("c.100_102dup", "p.(Arg34dup)", "inframe_insertion"),
        ("c.1000T>C", "p.(Ter334ArgextTer5)", "stop_lost"),
        ("c.93+1G>A", "p.?", "splice_donor_variant"),
        ("c.94-2A>G", "", "splice_acceptor_variant"),
        ("c.93+5G>A", "", "splice_donor_5th_base_variant"),
        ("c.93+3000G>A", "", "intron_variant"),
        ("c.94-8A>G", "", "splice_region_variant"),
        ("c.94-13C>G", "", "splice_polypyrimidine_tract_variant"),
        ("c.93+13C>G", "", "intron_variant"),
        ("c.94-18C>G", "", "intron_variant"),
        ("c.90_93+4del", "", "splice_donor_variant"),
        ("c.2373_2374del", "p.?", "frameshift_variant"),
        ("c.2373_2375dup", "", "inframe_insertion"),
        ("c.-5G>A", "", "5_prime_UTR_variant"),
        ("c.*5G>A", "", "3_prime_UTR_variant"),
        ("n.64C>T", "", "non_coding_transcript_exon_variant"),
    ],
)
def test_consequences_are_told_from_names(coding: str, protein: str, expected: str) -> None:
    assert consequences(f"NM_1.1:{coding}", protein and f"NP_1.1:{protein}") == (expected,)


def test_a_look_at_the_header_reads_no_further_and_asks_for_no_build(tmp_path: Path) -> None:
    path = write_vcf(tmp_path / "a.vcf", vcf("no line at all", samples=("child", "mother"), head=(CSQ_LINE,)))
    header = look_at_header(path)
    assert (header.build, header.samples) == (None, ("child", "mother"))
    assert [fields.key for fields in header.annotations] == ["CSQ"]
    assert look_at_header(write_vcf(tmp_path / "b.vcf.gz", vcf(head=(HG38, CSQ_LINE)))).build is Build.GRCH38


def test_a_header_without_end_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hoofbeat.interchange.vcf.header.MAX_LOOK_BYTES", 500)
    path = write_vcf(tmp_path / "a.vcf", "##fileformat=VCFv4.2\n" + "##x=y\n" * 1000)
    with pytest.raises(InputError, match="the header does not end"):
        look_at_header(path)
