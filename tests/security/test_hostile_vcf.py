"""Bad and hostile variant files: each gets one message with line and field, status 2, and no word of what they hold."""

import gzip
import struct
import zlib
from pathlib import Path

import pytest

from hoofbeat.cli.main import run
from tests.vcf_files import CSQ_LINE, HG19, HG38, csq, line, vcf, write_vcf

SECRET = "SECRETGENE"
GOOD = line("1", 5, csq(SECRET), "0/1")
TWO = line("1", 5, csq(SECRET), "0/1", "0/1")


@pytest.fixture(autouse=True)
def home(knowledge_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOFBEAT_HOME", str(knowledge_home))


def refused(path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """What is said of a file that cannot be used."""
    status = run(["rank", "--hpo", "HP:0001166", "--vcf", str(path), *options])
    captured = capsys.readouterr()
    assert status == 2
    assert captured.out == ""
    assert "Traceback" not in captured.err
    assert SECRET not in captured.err
    assert captured.err.startswith(f"error: {path}")
    assert "repair: " in captured.err
    return captured.err


def bad_line(text: str) -> str:
    return vcf(GOOD, text)


BAD = {
    "too few columns": (bad_line("1\t6\t.\tG\tA"), "line 6: the line has 5 columns; the header has 10"),
    "too many columns": (bad_line(f"{GOOD}\t0/1"), "line 6: the line has 11 columns; the header has 10"),
    "spaces for tabs": (vcf(GOOD).replace("#CHROM\tPOS", "#CHROM POS"), "line 4: the column #CHROM is not where"),
    "no sample": ("##fileformat=VCFv4.2\n" + HG38 + "\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n", "no sample"),
    "mixed builds": (vcf(GOOD, head=(HG38, HG19, CSQ_LINE)), "line 3: the header mixes GRCh37 and GRCh38"),
    "unknown build": (vcf(GOOD, head=(CSQ_LINE,)), "line 3: the header says no build"),
    "beyond the end": (bad_line(line("22", 51_000_000, csq("A"), "0/1")), "line 6: POS: POS lies beyond the end"),
    "empty REF": (bad_line(line("1", 6, csq("A"), "0/1", ref="")), "line 6: REF: REF is empty"),
    "strange REF": (bad_line(line("1", 6, csq("A"), "0/1", ref="G<")), "line 6: REF: REF is not bases"),
    "strange ALT": (bad_line(line("1", 6, csq("A"), "0/1", alt="A!")), "line 6: ALT: an allele is neither bases"),
    "negative POS": (bad_line(line("1", -6, csq("A"), "0/1")), "line 6: POS: POS is not a whole number from 1 on"),
    "POS as text": (bad_line(line("1", "six", csq("A"), "0/1")), "line 6: POS: POS is not a whole number"),
    "allele beyond": (bad_line(line("1", 6, csq("A"), "0/2")), "line 6: FORMAT/GT: a genotype names allele 2"),
    "genotype as text": (bad_line(line("1", 6, csq("A"), "x/y")), "line 6: FORMAT/GT: a genotype is not of the form"),
    "DP as text": (bad_line(line("1", 6, csq("A"), "0/1:1,2:many:9")), "line 6: FORMAT/DP: DP is not a number"),
    "frequency as text": (bad_line(line("1", 6, csq("A", frequency="often"), "0/1")), "line 6: INFO/CSQ/gnomADe_AF"),
    "frequency over 1": (bad_line(line("1", 6, csq("A", frequency="7"), "0/1")), "not between 0 and 1"),
    "END before POS": (
        bad_line(line("1", 6, f"END=2;{csq('A')}", "0/1", alt="<DEL>")),
        "line 6: INFO/END: END is not a position at or after POS",
    ),
    "another build": (
        vcf(GOOD, head=("##contig=<ID=chr1,length=248387328>", CSQ_LINE)),
        "line 2: a chromosome has a length that it has neither in GRCh37 nor in GRCh38",
    ),
    "other names of chromosomes": (
        vcf(line("scaffold_1", 5, csq("A"), "0/1")),
        "line 5: CHROM: no line lies on a chromosome",
    ),
    "no genotype anywhere": (
        vcf(line("1", 5, csq("A"), "./."), line("1", 6, csq("A"), "30", keys="DP")),
        "line 5: FORMAT/GT: no line has a genotype of the person",
    ),
    "two orders of parts": (
        vcf(GOOD, head=(HG38, CSQ_LINE, CSQ_LINE.replace("Consequence|SYMBOL", "SYMBOL|Consequence"))),
        "line 4: INFO/CSQ: CSQ is declared twice, with its parts in two orders",
    ),
    "no annotation": (vcf(GOOD, head=(HG38,)), "line 3: the file has no annotation"),
    "annotation declared alone": (vcf(line("1", 5, "DP=3", "0/1")), "no line has the annotation"),
    "CSQ without format": (
        vcf(GOOD, head=(HG38, '##INFO=<ID=CSQ,Number=.,Type=String,Description="x">')),
        "line 3: INFO/CSQ: the header does not say in which order",
    ),
    "same name twice": (
        vcf(line("1", 5, csq("A"), "0/1", "0/1"), samples=("a", "a")),
        "two samples have the same name",
    ),
    "several samples": (
        vcf(line("1", 5, csq("A"), "0/1", "0/1"), samples=("a", "b")),
        "line 4: the file has 2 samples",
    ),
    "no header": (GOOD + "\n", "line 1: this is not VCF"),
    "no lines": ("##fileformat=VCFv4.2\n", "line 2: the file ends before the line #CHROM"),
    "empty": ("", "line 1: the file ends before the line #CHROM"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_with_line_and_field(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, said = BAD[what]
    assert said in refused(write_vcf(tmp_path / "a.vcf", content), capsys)


def test_a_sample_that_is_not_there_is_refused_without_naming_any(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(write_vcf(tmp_path / "a.vcf", vcf(GOOD)), capsys, "--sample", "Somebody")
    assert "line 4: a sample that was asked for is not in the file, which has 1" in said
    assert "child" not in said


def test_bytes_that_are_no_utf8_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.vcf"
    path.write_bytes(vcf(GOOD, GOOD).encode().replace(b"ENST1", b"\xff\xfe", 1))
    assert "line 5, column 52: this is not UTF-8" in refused(path, capsys)


def test_a_gzip_file_that_was_cut_off_is_refused_and_nothing_of_it_is_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = gzip.compress(vcf(*(line("1", pos, csq(f"GENE{pos}"), "0/1") for pos in range(1, 5000))).encode())
    path = tmp_path / "a.vcf.gz"
    for kept in (len(whole) - 4, len(whole) // 2, 20):
        path.write_bytes(whole[:kept])
        assert "the gzip file is cut off" in refused(path, capsys)


def bgzip(data: bytes) -> bytes:
    """Packed as bgzip packs, without the empty member at the end."""
    packed = b""
    for start in range(0, len(data), 500):
        block = data[start : start + 500]
        body = zlib.compress(block, wbits=-15)
        packed += bytes.fromhex("1f8b08040000000000ff0600424302 00") + struct.pack("<H", len(body) + 25) + body
        packed += struct.pack("<II", zlib.crc32(block), len(block))
    return packed


def test_a_bgzip_file_that_was_cut_off_between_two_members_and_two_lines_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.vcf.gz"
    path.write_bytes(bgzip(vcf(GOOD).encode()))
    assert "line 6: the gzip file is cut off" in refused(path, capsys)
    path.write_bytes(bgzip(vcf(GOOD).encode()) + bytes.fromhex("1f8b08040000000000ff0600424302001b0003") + bytes(9))
    assert run(["rank", "--hpo", "HP:0001166", "--vcf", str(path)]) == 0


def test_a_build_that_is_said_does_not_excuse_another_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_vcf(tmp_path / "a.vcf", BAD["another build"][0])
    assert "neither in GRCh37 nor in GRCh38" in refused(path, capsys, "--build", "GRCh38")


def test_a_damaged_gzip_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = bytearray(gzip.compress(vcf(GOOD).encode()))
    whole[len(whole) // 2] ^= 0xFF
    (tmp_path / "a.vcf.gz").write_bytes(whole)
    assert "the gzip file is" in refused(tmp_path / "a.vcf.gz", capsys)


def test_what_is_no_vcf_is_called_what_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for data, said in (
        (b"BCF\x02\x02\x00", "this is BCF"),
        (gzip.compress(b"BCF\x02\x02\x00"), "this is BCF"),
        (b"PK\x03\x04", "zip archive"),
    ):
        (tmp_path / "a.vcf").write_bytes(data)
        assert said in refused(tmp_path / "a.vcf", capsys)


def test_a_line_of_a_hundred_megabytes_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.vcf"
    with path.open("wb") as stream:
        stream.write(vcf(GOOD).encode())
        for _ in range(100):
            stream.write(b"A" * 1_000_000)
    assert "line 6: a line is longer than 16 MB" in refused(path, capsys)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    path = tmp_path / "a.vcf.gz"
    with path.open("wb") as stream:
        stream.write(packer.compress(b"##fileformat=VCFv4.2\n"))
        for _ in range(100):
            stream.write(packer.compress(b"##\n" + b"#" * 999_997))
        stream.write(packer.flush())
    assert "unpacks to over 200 times its size" in refused(path, capsys)


PEDS = {
    "loop": ("f\tchild\ta\t0\t1\t2\nf\ta\tchild\t0\t1\t1\n", "their own ancestor"),
    "mother is a man": ("f\tchild\t0\tb\t1\t2\nf\tb\t0\t0\t1\t1\n", "line 1: mother: the mother is male in line 2"),
    "few columns": ("f child 0 0\n", "line 1: the line has 4 columns of 6"),
    "twice": ("f\tchild\t0\t0\t1\t2\nf\tchild\t0\t0\t1\t2\n", "line 2: person: a person stands twice"),
    "sex": ("f\tchild\t0\t0\t7\t2\n", "line 1: sex: the sex is not 1, 2 or 0"),
    "state": ("f\tchild\t0\t0\t1\t9\n", "line 1: affected: the state is not 1, 2 or 0"),
    "one parent twice": ("f\tchild\ta\ta\t1\t2\n", "father and mother are one person"),
    "empty": ("# nobody\n", "the file has no person"),
}


@pytest.mark.parametrize("what", PEDS)
def test_a_bad_pedigree_is_refused_with_line_and_column(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, said = PEDS[what]
    (tmp_path / "a.ped").write_text(text)
    path = write_vcf(tmp_path / "a.vcf", vcf(GOOD))
    call = ["rank", "--hpo", "HP:0001166", "--vcf", str(path), "--ped", str(tmp_path / "a.ped"), "--sample", "child"]
    assert run(call) == 2
    assert said in capsys.readouterr().err


def test_with_the_findings_alone_only_where_that_was_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_vcf(tmp_path / "a.vcf", vcf(GOOD, head=(HG38,)))
    call = ["rank", "--hpo", "HP:0001166", "--vcf", str(path), "--top", "1"]
    assert run(call) == 2
    capsys.readouterr()
    assert run([*call, "--or-findings-alone"]) == 0
    assert "the variants were not used: the file has no annotation" in capsys.readouterr().out
