"""`hoofbeat rank --vcf` as it is called: the variants of each candidate in every format, and what the options mean."""

import gzip
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from hoofbeat.cli.main import run
from tests.vcf_files import csq, line, vcf, write_vcf

FINDINGS = ["rank", "--hpo", "HP:0001166,HP:0001083"]
PED = "f\tchild\tfather\tmother\t1\t2\nf\tfather\t0\t0\t1\t1\nf\tmother\t0\t0\t2\t1\n"
FBN1 = csq("FBN1", "stop_gained", coding="NM_000138.5:c.100C>T", protein="NP_000129.3:p.Gln34Ter")


@pytest.fixture(autouse=True)
def home(knowledge_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOFBEAT_HOME", str(knowledge_home))


@pytest.fixture
def trio(tmp_path: Path) -> list[str]:
    """The options for a trio with one new variant."""
    (tmp_path / "trio.ped").write_text(PED)
    lines = (
        line("chr15", 48411000, FBN1, "0/1", "0/0", "0/0"),
        line("chr1", 1000, csq("SKI", frequency="0.3"), "0/1", "0/1", "0/0"),
    )
    path = write_vcf(tmp_path / "trio.vcf.gz", vcf(*lines, samples=("child", "father", "mother")))
    return ["--vcf", str(path), "--ped", str(tmp_path / "trio.ped"), "--test", "exome"]


def document(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> dict[str, Any]:
    assert run([*arguments, "--format", "json"]) == 0
    (text,) = capsys.readouterr().out.splitlines()
    found: dict[str, Any] = json.loads(text)
    return found


def test_json_holds_the_variants_their_rule_and_the_counts(trio: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, [*FINDINGS, *trio, "--top", "3"])
    first = found["candidates"][0]
    assert "FBN1" in first["genes"]
    (variant,) = first["variants"]
    assert variant["name"] == "NM_000138.5:c.100C>T p.Gln34Ter"
    assert variant["rule"].startswith("new (de novo)")
    assert variant["source"] == "VCF line 5"
    rows = [row for row in first["contributions"] if row["kind"] == "genotype"]
    assert len(rows) == 1
    assert first["score"] == pytest.approx(sum(row["log_lr"] for row in first["contributions"]), abs=1e-9)
    assert found["genotype"]["alleles"] == 2
    assert found["genotype"]["dropped"] == {"frequency": 1}


def test_a_contradiction_of_pedigree_and_case_stands_before_the_candidates(
    trio: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*FINDINGS, *trio, "--sex", "male", "--top", "1"]) == 0
    assert "Clear this first" not in capsys.readouterr().out
    assert run([*FINDINGS, *trio, "--sex", "female", "--top", "1"]) == 0
    table = " ".join(capsys.readouterr().out.split())
    first, rest = table.split(" none of these ", 1)
    assert "Clear this first" in first
    assert "the sex of the person: one in the case, another in the PED file" in first
    assert "in the PED file" not in rest


def test_table_and_page_show_the_same(trio: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = [*FINDINGS, *trio, "--top", "1", "--why-filtered", "SKI"]
    assert run(call) == 0
    table = " ".join(capsys.readouterr().out.split())
    assert run([*call, "--format", "html", "--out", str(tmp_path / "page.html")]) == 0
    page = " ".join((tmp_path / "page.html").read_text().split())
    for said in ("NM_000138.5:c.100C&gt;T p.Gln34Ter", "no class was given", "VCF line 5", "too frequent 1"):
        assert said in page
        assert said.replace("&gt;", ">") in table
    assert "DROPPED: frequency: 0.3" in table
    assert re.search(r"<strong>dropped</strong>: frequency: 0\.3", page)


def test_without_a_vcf_nothing_of_it_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, FINDINGS)
    assert "genotype" not in found
    assert not any("variants" in one for one in found["candidates"])


def test_reported_variants_count_only_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    variant = {
        "id": "v",
        "geneContext": {"valueId": "HGNC:3603", "symbol": "FBN1"},
        "expressions": [{"syntax": "hgvs.p", "value": "NP_000129.3:p.(Gln34Ter)"}],
        "allelicState": {"id": "GENO:0000135", "label": "heterozygous"},
        "moleculeContext": "genomic",
    }
    interpretation = {
        "id": "i",
        "progressStatus": "SOLVED",
        "diagnosis": {
            "disease": {"id": "OMIM:154700", "label": "Marfan syndrome"},
            "genomicInterpretations": [
                {
                    "subjectOrBiosampleId": "p",
                    "interpretationStatus": "CAUSATIVE",
                    "variantInterpretation": {"variationDescriptor": variant},
                }
            ],
        },
    }
    packet = {
        "id": "case-1",
        "subject": {"id": "p"},
        "phenotypicFeatures": [{"type": {"id": "HP:0001166", "label": "Arachnodactyly"}}],
        "interpretations": [interpretation],
        "metaData": {"phenopacketSchemaVersion": "2.0"},
    }
    path = tmp_path / "case.json"
    path.write_text(json.dumps(packet))
    alone = document(capsys, ["rank", str(path)])
    asked = document(capsys, ["rank", str(path), "--reported-variants"])
    assert not any(row["kind"] == "genotype" for one in alone["candidates"] for row in one["contributions"])
    rows = [row for one in asked["candidates"] for row in one["contributions"] if row["kind"] == "genotype"]
    assert any(row["label"].startswith("FBN1") for row in rows)
    assert all(row["log_lr"] > 0 for row in rows)  # a list never speaks against a gene


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--ped", "x"], "--ped goes with --vcf"),
        (["--why-filtered", "FBN1"], "--why-filtered goes with --vcf or --reported-variants"),
        (["--reported-variants"], "--reported-variants goes with CASE"),
        (["--vcf", "x", "--reported-variants"], "either --vcf or --reported-variants"),
        (["--vcf", "/nowhere/at/all.vcf"], "/nowhere/at/all.vcf: No such file"),
        (["--test", "exome"], "--test goes with"),
        (["--or-findings-alone"], "--or-findings-alone goes with --vcf"),
    ],
)
def test_a_wrong_call_gets_one_message_and_status_2(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*FINDINGS, *options]) == 2
    assert said in capsys.readouterr().err


def test_a_question_that_names_no_variant_is_refused(trio: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*FINDINGS, *trio, "--why-filtered", "???"]) == 2
    assert "this names no variant" in capsys.readouterr().err


def test_an_rs_number_is_refused_and_not_said_to_be_missing_in_the_file(
    trio: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*FINDINGS, *trio, "--why-filtered", "rs121918461"]) == 2
    assert "an rs number is not searched for\n  repair: write its position" in capsys.readouterr().err
    assert run([*FINDINGS, *trio, "--why-filtered", "RS1"]) == 0  # a gene


def test_one_vcf_serves_one_case(tmp_path: Path, trio: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    packet = {"id": "a", "phenotypicFeatures": [{"type": {"id": "HP:0001166"}}], "metaData": {}}
    lines = "".join(json.dumps({**packet, "id": name}) + "\n" for name in ("a", "b"))
    (tmp_path / "two.ndjson").write_text(lines)
    assert run(["rank", str(tmp_path / "two.ndjson"), *trio]) == 2
    assert "--vcf is one person's" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="this system gives open files no name")
@pytest.mark.parametrize("packed", [False, True])
def test_what_a_shell_hands_over_from_another_command_is_read(
    capsys: pytest.CaptureFixture[str], *, packed: bool
) -> None:
    text = vcf(line("chr15", 48411000, FBN1, "0/1")).encode()
    reading, writing = os.pipe()
    try:
        os.write(writing, gzip.compress(text) if packed else text)
        os.close(writing)
        found = document(capsys, [*FINDINGS, "--vcf", f"/dev/fd/{reading}", "--top", "1"])
    finally:
        os.close(reading)
    assert found["genotype"]["alleles"] == 1
