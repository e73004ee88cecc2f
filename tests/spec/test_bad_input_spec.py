"""What `hoofbeat rank` says to input that it cannot use, or only in part: what is wrong, and the repair."""

import json
from pathlib import Path
from typing import Any

import pytest

from hoofbeat.cli.main import run

ARACHNODACTYLY = {"type": {"id": "HP:0001166", "label": "Arachnodactyly"}}


@pytest.fixture(autouse=True)
def home(knowledge_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOFBEAT_HOME", str(knowledge_home))


def packet(*features: dict[str, Any]) -> str:
    return json.dumps({"id": "case-1", "phenotypicFeatures": features})


def feature(identifier: str, label: str = "", *, excluded: bool = False) -> dict[str, Any]:
    return {"type": {"id": identifier, "label": label}, "excluded": excluded}


def ranked(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    path = tmp_path / "case.json"
    path.write_text(content, encoding="utf-8")
    status = run(["rank", str(path), "--format", "json", "--top", "1"])
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    (line,) = captured.out.splitlines()
    document: dict[str, Any] = json.loads(line)
    if status:
        assert document["case"] is None
        assert captured.err.startswith(f"error: {path}: ")
        assert "\n  repair: " in captured.err
    return status, document


REFUSED = {
    "no findings": (
        packet(),
        "the packet has neither a usable finding nor a variant; "
        "repair: give at least one HPO finding in phenotypicFeatures",
    ),
    "only an inheritance": (packet(feature("HP:0000006")), "the packet has neither a usable finding nor a variant"),
    "only an unknown id, with its label": (
        packet(feature("HP:9999999", "Arachnodactyly")),
        "the packet has neither a usable finding nor a variant",
    ),
    "broken JSON": ('{"id": "x",\n "phenotypicFeatures": [}', "line 2, column 25: this is not JSON: Expecting value"),
    "an empty file": ("", "line 1, column 1: this is not JSON: Expecting value"),
    "not a number": (
        '{"id": "x", "n": NaN}',
        "line 1, column 18: NaN is not a JSON value; repair: leave the value out",
    ),
    "FHIR": (
        '{"resourceType": "Patient"}',
        "this is not a phenopacket: it has none of the fields of one (it looks like FHIR)",
    ),
    "10,000 findings": (
        packet(*(feature(f"HP:{number:07d}") for number in range(10_000))),
        "/phenotypicFeatures: a packet has 10,000 findings; the limit is 5,000; repair: give one person per packet",
    ),
    "a bare number": ("7", "this is not a phenopacket: it is no JSON object"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_gives_no_list(what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content, said = REFUSED[what]
    status, document = ranked(content, tmp_path, capsys)
    assert status == 2
    assert document["error"].startswith(said)


NOTED = {
    "an unknown id": (
        feature("HP:9999999", "Ectopia lentes"),
        "HP:9999999 is not in HPO 2025-01-16, perhaps newer",
        "nearest: HP:0001083 Ectopia lentis",
    ),
    "a digit too many": (
        feature("HP:00010833"),
        "an identifier is not of the form HP: and seven digits: HP:00010833",
        "HP:0001083 Ectopia lentis",
    ),
    "another code system": (
        feature("SNOMED:74969002", "Ectopia lentis"),
        "a finding is coded in another system than HPO: SNOMED:74969002",
        "nearest: HP:0001083 Ectopia lentis",
    ),
    "an older id": (
        feature("HP:0001505"),
        "HP:0001505 is an older identifier",
        "read as HP:0001166 Arachnodactyly",
    ),
    "an inheritance": (
        feature("HP:0000006"),
        "HP:0000006 Autosomal dominant inheritance is no finding",
        "read as an attribute of the case (inheritance)",
    ),
    "an excluded ancestor": (
        feature("HP:0001238", excluded=True),
        "HP:0001238 Slender finger is excluded, but HP:0001166 Arachnodactyly, which is below it, is observed",
        "the observed finding counts, the excluded one is not used",
    ),
}


@pytest.mark.parametrize("what", NOTED)
def test_what_is_noted_beside_the_list(what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    added, said, repair = NOTED[what]
    status, document = ranked(packet(ARACHNODACTYLY, added), tmp_path, capsys)
    assert status == 0
    assert len(document["candidates"]) == 1
    note = document["notes"][0]
    assert note["what"] == said
    assert repair in note["repair"]
