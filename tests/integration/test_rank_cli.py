"""`hoofbeat rank` as it is called: what it prints, where, with which exit status, and what it says of bad input."""

import io
import json
import os
import re
import resource
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from hoofbeat.cli.main import run
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.nearest_terms import nearest_terms
from hoofbeat.knowledge.sources import Sources
from tests.small_release import write_small_release

MARFAN = ("HP:0001166", "HP:0001083", "HP:0002616", "HP:0000098")


@pytest.fixture(autouse=True)
def home(knowledge_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOOFBEAT_HOME", str(knowledge_home))
    monkeypatch.delenv("HOOFBEAT_DEBUG", raising=False)
    return knowledge_home


def packet(
    identifier: str = "case-1", observed: tuple[str, ...] = MARFAN, excluded: tuple[str, ...] = ()
) -> dict[str, Any]:
    features: list[dict[str, Any]] = [{"type": {"id": one}} for one in observed]
    features += [{"type": {"id": one}, "excluded": True} for one in excluded]
    return {"id": identifier, "phenotypicFeatures": features, "metaData": {"phenopacketSchemaVersion": "2.0"}}


def write(path: Path, value: Any) -> Path:
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def called(arguments: list[str], *, most_bytes: int | None = None) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, whose files may have at most so many bytes, as on a full disk."""

    def limit() -> None:
        if most_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    command = [sys.executable, "-c", "from hoofbeat.cli.main import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, preexec_fn=limit, check=False)


Said = pytest.CaptureFixture[str]


def lines(capsys: Said) -> tuple[list[dict[str, Any]], str]:
    """The JSON documents on standard output, and standard error."""
    captured = capsys.readouterr()
    return [json.loads(line) for line in captured.out.splitlines()], captured.err


def test_a_phenopacket_gets_one_json_document_as_the_contract_says(tmp_path: Path, capsys: Said) -> None:
    path = write(tmp_path / "case.json", packet(excluded=("HP:0000365",)))
    assert run(["rank", str(path), "--format", "json", "--top", "3"]) == 0
    ((document,), said) = lines(capsys)
    assert said == ""
    assert document["case"] == "case-1"
    assert [one["rank"] for one in document["candidates"]] == [1, 2, 3]
    assert 0 < document["none_of_these"] < 1
    probabilities = [one["probability"] for one in document["candidates"]]
    assert probabilities == sorted(probabilities, reverse=True)
    for candidate in document["candidates"]:
        assert candidate["score"] == pytest.approx(sum(row["log_lr"] for row in candidate["contributions"]), abs=1e-9)
    found = {row["finding"] for row in document["candidates"][0]["contributions"] if row["kind"] == "finding"}
    assert found <= {*MARFAN, "HP:0000365"}


def test_typed_findings_are_ranked_without_a_file(capsys: Said) -> None:
    assert run(["rank", "--hpo", ",".join(MARFAN), "--not", "HP:0000365", "--sex", "male", "--age", "3y2m"]) == 0
    shown = capsys.readouterr().out
    assert "4 findings observed, 1 excluded" in shown
    assert "Marfan syndrome" in shown
    assert shown.rstrip().endswith("Not a diagnosis until a clinician confirms it.")


def test_what_was_asked_counts_more_than_what_is_listed_as_absent(capsys: Said) -> None:
    for option in ("--not", "--asked-not"):
        run(["rank", "--hpo", ",".join(MARFAN), option, "HP:0000365", "--format", "json"])
    ((listed, asked), _) = lines(capsys)
    (soft,), (hard,) = (
        {row["log_lr"] for one in said["candidates"][:1] for row in one["contributions"] if row["state"] == "excluded"}
        for said in (listed, asked)
    )
    assert abs(hard) > abs(soft) > 0


def test_typed_findings_and_the_same_findings_in_a_file_give_the_same(tmp_path: Path, capsys: Said) -> None:
    path = write(tmp_path / "case.json", packet("case"))
    run(["rank", str(path), "--format", "json"])
    run(["rank", "--hpo", MARFAN[0], "--hpo", ",".join(MARFAN[1:]), "--format", "json"])
    ((from_file, typed), _) = lines(capsys)
    assert from_file == typed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "nothing to rank: give a CASE, or findings with --hpo"),
        (["x.json", "--hpo", "HP:0001166"], "either CASE or --hpo, --not and --asked-not"),
        (["x.json", "--sex", "male"], "--sex and --age go with --hpo"),
        (["-", "-"], "standard input (-) can be read only once"),
        (["--hpo", "HP:0001166", "--age", "nan"], "'nan': an age is not an ISO 8601 duration; write 3y2m"),
        (["--hpo", "HP:0001166", "--age", "-3"], "write 3y2m"),
        (["--hpo", "HP:0001166", "--age", "900"], "an age of 900.0 years; write 3y2m"),
        (["--hpo", "HP:0001166", "--sex", "m"], "'m' is not one of 'female', 'male'"),
        (["--hpo", "HP:0001166", "--top", "0"], "Invalid value for '--top'"),
        (["--hpo", "HP:0001166", "--release", "1999-01-01"], "no knowledge called 1999-01-01"),
        (["--hpo", "HP:0001166", "--disease", "OMIM:1"], "No such option '--disease'"),
        (["--hpo", "HP:0001166", "--out", "/nowhere/at/all.txt"], "/nowhere/at/all.txt: cannot be written"),
    ],
)
def test_a_wrong_call_gets_one_message_with_the_repair_and_status_2(
    arguments: list[str], said: str, capsys: Said
) -> None:
    assert run(["rank", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("error: ")
    assert said in captured.err
    assert "\n  repair: " in captured.err
    assert "Traceback" not in captured.err


@pytest.mark.parametrize("age", ["3y2m", "3 y 2 m", "P3Y2M", "p3y2m", "3.5", "3,5", "0", "18m", "6w", "10d"])
def test_an_age_may_be_written_in_several_ways(age: str, capsys: Said) -> None:
    assert run(["rank", "--hpo", "HP:0001166", "--age", age, "--format", "json"]) == 0


def test_what_cannot_be_used_of_typed_findings_is_noted_with_what_may_have_been_meant(capsys: Said) -> None:
    given = "HP:0001166,HP:00011667,Ectopia lentes,HP:0001505,HP:0000006"
    assert run(["rank", "--hpo", given, "--format", "json", "--top", "1"]) == 0
    ((document,), _) = lines(capsys)
    notes = {note["what"]: note["repair"] for note in document["notes"]}
    malformed = "an identifier is not of the form HP: and seven digits"
    assert "HP:0001166 Arachnodactyly" in notes[f"{malformed}: HP:00011667"]
    assert "HP:0001083 Ectopia lentis" in notes[f"{malformed}: Ectopia lentes"]
    assert "kept beside" not in "".join(notes.values())


def test_typed_findings_of_which_none_can_be_used_get_no_list_but_a_question(capsys: Said) -> None:
    assert run(["rank", "--hpo", "arachnodactily"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "no usable finding" in captured.err
    assert "nearest: HP:0001166 Arachnodactyly" in captured.err
    assert "repair: give at least one finding" in captured.err


def test_a_huge_file_is_refused_unread(tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)
    assert run(["rank", str(path)]) == 2
    assert "has 200.0 MB; the limit is 50 MB" in capsys.readouterr().err


def test_a_case_of_a_variant_alone_is_asked_for_findings(tmp_path: Path, capsys: Said) -> None:
    alone = packet(observed=())
    variant = {"variationDescriptor": {"id": "v", "moleculeContext": "genomic"}}
    alone["interpretations"] = [
        {
            "id": "i",
            "progressStatus": "SOLVED",
            "diagnosis": {
                "disease": {"id": "OMIM:1", "label": "x"},
                "genomicInterpretations": [{"subjectOrBiosampleId": "p", "variantInterpretation": variant}],
            },
        }
    ]
    assert run(["rank", str(write(tmp_path / "v.json", alone)), "--format", "json"]) == 2
    ((document,), _) = lines(capsys)
    assert document["case"] == "case-1"
    assert "give at least one finding" in document["error"]


def test_good_files_are_done_beside_a_bad_one(tmp_path: Path, capsys: Said) -> None:
    write(tmp_path / "a.json", packet("a"))
    write(tmp_path / "b.json", "{broken")
    write(tmp_path / "c.json", packet("c"))
    write(tmp_path / "README.md", "about these cases")
    assert run(["rank", str(tmp_path), "--format", "json"]) == 0
    (documents, said) = lines(capsys)
    assert [one["case"] for one in documents] == ["a", None, "c"]
    assert documents[1]["file"] == f"{tmp_path}/b.json"
    assert "2 ranked, 1 could not be" in said


def test_a_zip_ndjson_and_several_paths_are_read_alike(tmp_path: Path, capsys: Said) -> None:
    with zipfile.ZipFile(tmp_path / "cases.zip", "w") as archive:
        archive.writestr("inside/z.json", json.dumps(packet("z")))
    rows = "\n".join(json.dumps(packet(name)) for name in ("n1", "n2")) + "\n{no\n"
    ndjson = write(tmp_path / "cases.ndjson", rows)
    single = write(tmp_path / "s.json", packet("s"))
    paths = [str(tmp_path / "cases.zip"), str(ndjson), str(single), str(tmp_path / "missing.json")]
    assert run(["rank", *paths, "--format", "json", "--top", "1"]) == 0
    (documents, _) = lines(capsys)
    assert [one["case"] for one in documents] == ["z", "n1", "n2", None, "s", None]
    assert documents[3]["error"].startswith("line 3, column 2: this is not JSON")
    assert documents[5]["error"].startswith("No such file")


def test_standard_input_is_read_whatever_it_is(tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        members.writestr("z.json", json.dumps(packet("z")))
    for data, expected in (
        (json.dumps(packet("one")).encode(), "one"),
        (archive.getvalue(), "z"),
    ):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert run(["rank", "-", "--format", "json", "--top", "1"]) == 0
        ((document,), _) = lines(capsys)
        assert document["case"] == expected


def test_empty_standard_input_is_an_error(capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert run(["rank", "-"]) == 2
    assert "error: standard input: standard input is empty" in capsys.readouterr().err


def test_a_packet_of_version_1_is_ranked_with_a_note(tmp_path: Path, capsys: Said) -> None:
    old = {
        "id": "old",
        "subject": {"id": "p", "sex": "MALE", "ageAtCollection": {"age": "P3Y"}},
        "phenotypicFeatures": [{"type": {"id": "HP:0001166"}}, {"type": {"id": "HP:0001083"}, "negated": True}],
        "metaData": {"createdBy": "x", "phenopacketSchemaVersion": "1.0.0"},
    }
    assert run(["rank", str(write(tmp_path / "old.json", old)), "--format", "json"]) == 0
    ((document,), _) = lines(capsys)
    assert [one["id"] for one in document["excluded"]] == ["HP:0001083"]
    assert any("version 1" in note["what"] for note in document["notes"])


def test_a_bad_packet_in_a_list_does_not_spoil_the_others(tmp_path: Path, capsys: Said) -> None:
    path = write(tmp_path / "list.json", [packet("a"), {"no": "packet"}, packet("b", ("HP:0001166", "HP:9999999"))])
    assert run(["rank", str(path), "--format", "json", "--top", "1"]) == 0
    (documents, said) = lines(capsys)
    assert [one["case"] for one in documents] == [None, "a", "b"]
    assert documents[0]["error"].startswith("/1: this is not a phenopacket")
    # Whose note it is, a list does not say: it is told of the file, and nobody gets that of another.
    assert documents[1]["notes"] == []
    assert "note: " in said
    assert "HP:9999999" in said


def test_a_contradiction_is_settled_and_noted(tmp_path: Path, capsys: Said) -> None:
    path = write(tmp_path / "c.json", packet(observed=("HP:0001166",), excluded=("HP:0001238",)))
    assert run(["rank", str(path), "--format", "json", "--top", "1"]) == 0
    ((document,), _) = lines(capsys)
    assert [one["id"] for one in document["observed"]] == ["HP:0001166"]
    assert document["excluded"] == []
    assert any("is excluded, but HP:0001166" in note["what"] for note in document["notes"])


def test_pages_of_several_cases_go_to_a_folder(tmp_path: Path, capsys: Said) -> None:
    cases = tmp_path / "cases"
    cases.mkdir()
    for name in ("a/../a", "a?", "A_"):
        write(cases / f"{len(list(cases.iterdir()))}.json", packet(name))
    assert run(["rank", str(cases), "--format", "html"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "add --out FOLDER/" in captured.err

    assert run(["rank", str(cases), "--format", "html", "--out", str(tmp_path / "pages")]) == 0
    assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == ["A-2.html", "a.html", "a_.._a.html"]


def test_one_file_is_whole_or_not_there(tmp_path: Path, capsys: Said) -> None:
    case = write(tmp_path / "case.json", packet())
    out = tmp_path / "out" / "page.html"
    out.parent.mkdir()
    assert run(["rank", str(case), "--format", "html", "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    before = out.read_bytes()
    assert run(["rank", str(case), str(case), "--format", "html", "--out", str(out)]) == 2
    assert out.read_bytes() == before
    assert [path.name for path in out.parent.iterdir()] == ["page.html"]
    assert capsys.readouterr().out == ""


def test_nothing_is_written_in_the_place_of_a_file_when_nothing_could_be_done(tmp_path: Path) -> None:
    out = write(tmp_path / "result.txt", "the last result")
    assert run(["rank", str(write(tmp_path / "bad.json", "{")), "--out", str(out)]) == 2
    assert out.read_text(encoding="utf-8") == "the last result"


def test_a_pipe_or_device_is_never_replaced_by_a_file(tmp_path: Path, capsys: Said) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert run(["rank", "--hpo", "HP:0001166", "--out", str(pipe)]) == 2
    assert pipe.is_fifo()
    assert "is no file\n  repair: name a file" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["page.html", "folder/", "x" * 300 + ".html"])
def test_what_does_not_fit_the_disk_is_named_and_nothing_half_written(tmp_path: Path, name: str) -> None:
    call = ["rank", "--hpo", "HP:0001166", "--format", "html", "--out", str(tmp_path / name) + "/" * name.endswith("/")]
    ended = called(call, most_bytes=1000)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert re.match(r"error: .*: cannot be written: File (too large|name too long)\n  repair: name a fol", ended.stderr)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "arguments",
    [
        ["rank", ""],
        ["rank", "--hpo", "HP:0001166", "--out", ""],
        ["benchmark", ""],
        ["benchmark", "x", "--ranks", ""],
        ["knowledge", "add-cases", ""],
        ["knowledge", "build", "--from", ""],
        ["knowledge", "update", "--from", ""],
    ],
)
def test_an_empty_name_never_means_the_folder_one_is_in(
    arguments: list[str], tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "case.json", packet())
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "the name is empty" in captured.err
    assert [path.name for path in tmp_path.iterdir()] == ["case.json"]


@pytest.mark.parametrize(
    ("given", "out"), [("case.json", "case.json"), ("case.json", "."), (".", "."), ("../cases/case.json", "../cases/")]
)
def test_no_result_takes_the_place_of_its_case(
    given: str, out: str, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cases").mkdir()
    case = write(tmp_path / "cases" / "case.json", packet("case"))
    before = case.read_bytes()
    monkeypatch.chdir(case.parent)
    assert run(["rank", given, "--format", "json", "--out", out]) == 2
    assert "a result could take the place of a CASE; name another place" in capsys.readouterr().err
    assert run(["rank", given, "--format", "json", "--out", "results/"]) == 0
    assert case.read_bytes() == before


def test_pages_may_stand_beside_their_cases(tmp_path: Path) -> None:
    write(tmp_path / "case.json", packet("case"))
    assert run(["rank", str(tmp_path), "--format", "html", "--out", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.html", "case.json"]


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOOFBEAT_HOME", str(tmp_path / "fresh"))
    return tmp_path / "fresh"


def test_without_any_knowledge_it_is_built_first_and_said(
    fresh: Path, small_release: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sources, "bundled", classmethod(lambda cls: Sources.in_folder(small_release)))
    assert run(["rank", "--hpo", "HP:0001166"]) == 0
    captured = capsys.readouterr()
    assert captured.err.startswith("building the knowledge once, from the HPO release 2024-02-01")
    assert captured.err.count("\n") == 1
    assert "Marfan syndrome" in captured.out
    assert run(["rank", "--hpo", "HP:0001166"]) == 0
    assert capsys.readouterr().err == ""


def test_knowledge_that_cannot_be_built_is_an_error_with_its_repair(
    fresh: Path, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sources, "bundled", classmethod(lambda cls: Sources.in_folder(tmp_path / "nowhere")))
    assert run(["rank", "--hpo", "HP:0001166"]) == 2
    assert "no such folder\n  repair: " in capsys.readouterr().err


def test_a_release_can_be_named(small_release: Path, fresh: Path, capsys: Said) -> None:
    run(["knowledge", "build", "--from", str(small_release)])
    older = write_small_release(small_release.parent / "older")
    text = (older / "phenotype.hpoa").read_text(encoding="utf-8").replace("2024-02-01", "2023-01-27")
    (older / "phenotype.hpoa").write_text(text, encoding="utf-8")
    run(["knowledge", "build", "--from", str(older)])
    capsys.readouterr()
    run(["rank", "--hpo", "HP:0001166", "--format", "json", "--release", "2023-01-27"])
    run(["rank", "--hpo", "HP:0001166", "--format", "json"])
    ((named, newest), _) = lines(capsys)
    assert "2023-01-27" in json.dumps(named["release"])
    assert "2024-02-01" in json.dumps(newest["release"])


def test_typed_findings_need_neither_protobuf_nor_jinja_nor_rich(knowledge_home: Path) -> None:
    program = (
        "import sys\n"
        "from hoofbeat.cli.main import run\n"
        "run(['rank', '--hpo', 'HP:0001166', '--format', 'json'])\n"
        "heavy = {'google.protobuf', 'jinja2', 'rich', 'httpx', 'rapidfuzz', 'scipy'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    environment = {**os.environ, "HOOFBEAT_HOME": str(knowledge_home)}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_nearest_findings_are_told_by_a_slip_of_the_pen(hpo_facts: Facts) -> None:
    assert nearest_terms(hpo_facts.ontology, "HP:1166")[0].id == "HP:0001166"
    assert nearest_terms(hpo_facts.ontology, "HP 0001166")[0].id == "HP:0001166"
    assert nearest_terms(hpo_facts.ontology, "spider fingers")[0].id == "HP:0001166"
    assert nearest_terms(hpo_facts.ontology, "") == ()
    assert nearest_terms(hpo_facts.ontology, "qqqqqqqqqqqq") == ()


def test_two_diseases_are_compared_by_any_of_their_ids(tmp_path: Path, capsys: Said) -> None:
    path = write(tmp_path / "case.json", packet())
    assert run(["rank", str(path), "--compare", "orphanet:558", "OMIM:310200", "--top", "1", "--format", "json"]) == 0
    ((document,), _) = lines(capsys)
    compared = document["comparison"]
    assert [compared[side]["disease"]["id"] for side in ("a", "b")] == ["OMIM:154700", "OMIM:310200"]
    assert sum(row["difference"] for row in compared["rows"]) == pytest.approx(compared["lead"], abs=1e-9)
    assert compared["lead"] > 0
    assert len(document["candidates"]) == 1


def test_answers_that_would_change_an_order_change_it_when_they_are_given(tmp_path: Path, capsys: Said) -> None:
    path = write(tmp_path / "case.json", packet())
    run(["rank", str(path), "--top", "2", "--format", "json"])
    ((document,), _) = lines(capsys)
    first, second = (one["disease"]["id"] for one in document["candidates"])
    run(["rank", str(path), "--compare", first, second, "--format", "json"])
    ((document,), _) = lines(capsys)
    answers = document["comparison"]["change"]["answers"]
    observed = [*MARFAN, *(one["finding"] for one in answers if one["present"])]
    excluded = [one["finding"] for one in answers if not one["present"]]
    typed = ["rank", "--hpo", ",".join(observed), "--not", ",".join(excluded), "--compare", first, second]
    assert run([*typed, "--format", "json"]) == 0
    ((again,), _) = lines(capsys)
    assert again["comparison"]["a"]["rank"] > again["comparison"]["b"]["rank"]
    assert again["comparison"]["lead"] == pytest.approx(document["comparison"]["change"]["lead_after"], abs=1e-6)


@pytest.mark.parametrize("form", ["table", "html"])
def test_a_comparison_is_shown_in_every_form(form: str, capsys: Said) -> None:
    assert run(["rank", "--hpo", ",".join(MARFAN), "--compare", "OMIM:154700", "OMIM:310200", "--format", form]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "Ectopia lentis: 119/251 in Marfan syndrome, not described in" in shown


def test_a_disease_to_compare_that_is_none_gets_the_nearest_names_and_status_2(tmp_path: Path, capsys: Said) -> None:
    out = tmp_path / "page.html"
    for given, said in (
        ("OMIM:15470", "did you mean OMIM:"),
        ("Marfan syndrom", "OMIM:154700 Marfan syndrome"),
        ("ORPHA:558", "are one disease"),
    ):
        call = ["rank", "--hpo", MARFAN[0], "--compare", "OMIM:154700", given, "--format", "html", "--out", str(out)]
        assert run(call) == 2
        captured = capsys.readouterr()
        assert said in captured.err
        assert captured.out == ""
    assert not out.exists()
