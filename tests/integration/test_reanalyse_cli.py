"""`hoofbeat reanalyse` as it is called: what it finds between two releases, how it goes on after a kill, and on a
cluster; and what it says of bad input. All patients are made up.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hoofbeat.cli.main import run
from hoofbeat.knowledge.build import build
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.sources import Role, Sources

OLDER = "2024-12-01"
ARACHNODACTYLY, ECTOPIA, AORTA, PALATE = "HP:0001166", "HP:0001083", "HP:0002616", "HP:0002705"
MARFAN = ("OMIM:154700", "ORPHA:558")


@pytest.fixture(scope="session")
def two_releases(knowledge_home: Path, hpo_facts: Facts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the installed release and an older one, which does not know yet that Marfan syndrome has ectopia
    lentis of any kind, nor that its gene is FBN1.
    """
    ontology = hpo_facts.ontology
    of_lens = {f"\t{ontology.id(int(index))}\t" for index in np.flatnonzero(ontology.below(ECTOPIA))}
    home, older = tmp_path_factory.mktemp("two-releases"), tmp_path_factory.mktemp("older")
    paths = Sources.bundled().paths
    for role in (Role.ANNOTATIONS, Role.GENES_TO_PHENOTYPE):
        with (
            paths[role].open(encoding="utf-8") as source,
            (older / paths[role].name).open("w", encoding="utf-8") as kept,
        ):
            kept.writelines(line for line in source if not _is_new(line, of_lens))
    (older / paths[Role.ONTOLOGY].name).symlink_to(paths[Role.ONTOLOGY])
    build(Sources.in_folder(older), home / "knowledge" / OLDER)
    for folder in (knowledge_home / "knowledge").iterdir():
        (home / "knowledge" / folder.name).symlink_to(folder)
    return home


def _is_new(line: str, of_lens: set[str]) -> bool:
    marfan = any(one in line for one in MARFAN)
    return marfan and ("\tFBN1\t" in line or f"\t{ECTOPIA}\t" in line or any(one in line for one in of_lens))


@pytest.fixture
def home(two_releases: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOOFBEAT_HOME", str(two_releases))
    monkeypatch.delenv("HOOFBEAT_DEBUG", raising=False)
    return two_releases


def packet(
    identifier: str, *observed: str, gene: str = "", acmg: str = "NOT_PROVIDED", solved: str = ""
) -> dict[str, Any]:
    packet: dict[str, Any] = {
        "id": identifier,
        "phenotypicFeatures": [{"type": {"id": one}} for one in observed],
        "metaData": {"phenopacketSchemaVersion": "2.0"},
    }
    if gene or solved:
        variant = {
            "interpretationStatus": "CANDIDATE",
            "variantInterpretation": {
                "acmgPathogenicityClassification": acmg,
                "variationDescriptor": {"id": "v", "geneContext": {"valueId": "HGNC:1", "symbol": gene or "TTN"}},
            },
        }
        diagnosis = {"disease": {"id": solved or "OMIM:154700"}, "genomicInterpretations": [variant]}
        progress = "SOLVED" if solved else "IN_PROGRESS"
        packet["interpretations"] = [{"id": "i", "progressStatus": progress, "diagnosis": diagnosis}]
    return packet


def write_cases(folder: Path, packets: list[dict[str, Any]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number, one in enumerate(packets):
        (folder / f"{number:04}.json").write_text(json.dumps(one), encoding="utf-8")
    return folder


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return write_cases(
        tmp_path / "cases",
        [
            packet("lens", ECTOPIA, ARACHNODACTYLY, AORTA),
            packet("palate", PALATE),
            packet("gene", PALATE, gene="FBN1"),
            packet("solved", ECTOPIA, ARACHNODACTYLY, AORTA, gene="FBN1", solved="OMIM:154700"),
        ],
    )


def changes(out: Path) -> dict[str, dict[str, Any]]:
    lines = (out / "changes.jsonl").read_text(encoding="utf-8").splitlines()
    return {one["case"]: one for one in map(json.loads, lines)}


def reanalysed(cases: Path, out: Path, *more: str) -> int:
    return run(["reanalyse", str(cases), "--out", str(out), *more])


def test_a_case_that_moved_is_told_with_the_row_that_moved_it(home: Path, cases: Path, tmp_path: Path) -> None:
    assert reanalysed(cases, tmp_path / "out", "--since", OLDER) == 0
    change = changes(tmp_path / "out")["lens"]
    move = next(one for one in change["moves"] if one["disease"] == "OMIM:154700")
    assert move["after"]["probability"] > move["before"]["probability"] + 0.05
    cause = next(one for one in move["because"] if one["part"] == ECTOPIA)
    assert cause["after"] > (cause["before"] or 0.0)
    assert move["because"] == sorted(move["because"], key=lambda one: -abs((one["after"] or 0) - (one["before"] or 0)))
    told = next(one for one in move["rows"] if one["entry"] == "OMIM:154700")
    assert (told["what"], told["before"], told["after"]) == ("added", None, "119/251")
    assert "PMID:28050285" in told["references"]


def test_a_case_that_did_not_move_is_not_told(home: Path, cases: Path, tmp_path: Path) -> None:
    reanalysed(cases, tmp_path / "out", "--since", OLDER)
    assert "palate" not in changes(tmp_path / "out")


def test_a_new_link_of_a_gene_in_which_a_variant_is_known_is_an_alert(home: Path, cases: Path, tmp_path: Path) -> None:
    reanalysed(cases, tmp_path / "out", "--since", OLDER, "--owner", "Dr. Fictional")
    found = changes(tmp_path / "out")
    (alert,) = found["gene"]["alerts"]
    assert (alert["kind"], alert["gene"], alert["disease"]) == ("new gene link", "FBN1", "OMIM:154700")
    assert alert["owner"] == "Dr. Fictional"
    assert found["solved"]["alerts"] == [], "a solved case has its answer"
    reanalysed(cases, tmp_path / "all", "--since", OLDER, "--solved-too")
    assert changes(tmp_path / "all")["solved"]["alerts"]


def test_a_class_that_changed_since_the_last_run_is_an_alert(home: Path, tmp_path: Path) -> None:
    cases = write_cases(tmp_path / "cases", [packet("a", ECTOPIA, gene="FBN1", acmg="UNCERTAIN_SIGNIFICANCE")])
    reanalysed(cases, tmp_path / "out")
    write_cases(cases, [packet("a", ECTOPIA, gene="FBN1", acmg="LIKELY_PATHOGENIC")])
    reanalysed(cases, tmp_path / "out")
    (alert,) = changes(tmp_path / "out")["a"]["alerts"]
    assert alert["what"].endswith("was uncertain significance, and is likely pathogenic")


def test_the_first_run_notes_how_cases_stand_and_the_next_tells_what_moved(
    home: Path, cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert reanalysed(cases, out, "--release", OLDER) == 0
    assert "nothing to compare with" in capsys.readouterr().out
    assert changes(out) == {}
    assert reanalysed(cases, out) == 0
    assert changes(out)["lens"]["moves"], "compared with what the first run noted"
    kept = (out / "changes.jsonl").read_bytes()
    assert reanalysed(cases, out) == 0
    assert "nothing new since the last run" in capsys.readouterr().out
    assert (out / "changes.jsonl").read_bytes() == kept


def test_an_acknowledged_alert_stays_quiet(
    home: Path, cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    reanalysed(cases, out, "--since", OLDER)
    alert = changes(out)["gene"]["alerts"][0]["id"]
    assert run(["reanalyse", "--out", str(out), "--acknowledge", alert, "--owner", "Nurse Fictional"]) == 0
    write_cases(cases, [packet("another", PALATE)])
    capsys.readouterr()
    assert reanalysed(cases, out, "--since", OLDER) == 0
    assert " and 1 acknowledged before" in capsys.readouterr().out
    assert changes(out)["gene"]["alerts"][0]["acknowledged_by"] == "Nurse Fictional"


def test_the_page_is_one_file_that_loads_nothing_and_names_the_alert(home: Path, cases: Path, tmp_path: Path) -> None:
    reanalysed(cases, tmp_path / "out", "--since", OLDER)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Content-Security-Policy" in page
    assert "http" not in page.replace("http-equiv", "")
    assert changes(tmp_path / "out")["gene"]["alerts"][0]["id"] in page
    assert "Ectopia lentis: new: 119/251 (PMID:28050285" in page


def test_what_a_case_is_called_is_text_on_the_page_and_not_markup(home: Path, tmp_path: Path) -> None:
    cases = write_cases(tmp_path / "cases", [packet("<script>alert(1)</script>", ECTOPIA, ARACHNODACTYLY, AORTA)])
    reanalysed(cases, tmp_path / "out", "--since", OLDER)
    assert "<script" not in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("processes", ["1", "2"])
def test_the_number_of_processes_changes_nothing(home: Path, cases: Path, tmp_path: Path, processes: str) -> None:
    reanalysed(cases, tmp_path / "one", "--since", OLDER)
    reanalysed(cases, tmp_path / "out", "--since", OLDER, "--processes", processes)
    assert_same(tmp_path / "one", tmp_path / "out")


def assert_same(one: Path, other: Path) -> None:
    names = sorted(path.name for path in one.iterdir() if not path.name.startswith("."))
    assert names == sorted(path.name for path in other.iterdir() if not path.name.startswith("."))
    for name in names:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


def many_cases(folder: Path, number: int = 150) -> Path:
    kinds = [(ECTOPIA, ARACHNODACTYLY), (ECTOPIA,), (AORTA,), (PALATE,), (ECTOPIA, AORTA)]
    return write_cases(
        folder, [packet(f"case-{n}", *kinds[n % 5], gene="FBN1" if n % 7 == 0 else "") for n in range(number)]
    )


def test_killed_again_and_again_it_ends_with_the_same_results(home: Path, tmp_path: Path) -> None:
    """Each time it is killed as soon as its journal has grown by a random number of lines; the end equals an
    undisturbed run, byte for byte. `python -m validation.reanalysis kills` kills ten times by the clock.
    """
    cases = many_cases(tmp_path / "cases")
    assert reanalysed(cases, tmp_path / "whole", "--since", OLDER) == 0
    out, chance = tmp_path / "out", random.Random(20261124)
    journal = out / "journal.jsonl"
    kills = 0
    for _ in range(3):
        process = started(cases, out)
        limit = lines_of(journal) + chance.randint(1, 30)
        while process.poll() is None and lines_of(journal) < limit:
            time.sleep(0.002)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.wait()
        assert not (out / "run.json").exists(), "nothing counts before everything is done"
    assert kills == 3
    with journal.open("a", encoding="ascii") as stream:
        stream.write('149\t{"cut off')
    (out / ".changes-of-another-run.part").touch()
    assert reanalysed(cases, out, "--since", OLDER) == 0
    assert_same(tmp_path / "whole", out)
    assert [one.name for one in out.glob(".*")] == [".lock"]


def started(cases: Path, out: Path) -> subprocess.Popen[bytes]:
    """The command in a process of its own, one document at a time, so that a kill meets it in the middle."""
    code = "import hoofbeat.batch.over as over; over.CHUNK = 1\nfrom hoofbeat.cli.main import main; main()"
    arguments = ["reanalyse", str(cases), "--out", str(out), "--since", OLDER, "--processes", "1"]
    return subprocess.Popen([sys.executable, "-c", code, *arguments], env=os.environ.copy(), stdout=subprocess.DEVNULL)


def lines_of(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


@pytest.fixture
def cluster(home: Path, tmp_path: Path) -> Iterator[str]:
    """A Dask cluster on this machine: a scheduler and two workers in processes of their own."""
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        host="127.0.0.1",
        local_directory=str(tmp_path / "dask"),
    ) as started:
        yield started.scheduler_address


@pytest.mark.filterwarnings("ignore")  # Dask's own, of its interpreter's shutdown
def test_on_a_cluster_of_two_workers_the_results_are_identical(home: Path, tmp_path: Path, cluster: str) -> None:
    cases = many_cases(tmp_path / "cases", 60)
    assert reanalysed(cases, tmp_path / "here", "--since", OLDER) == 0
    assert reanalysed(cases, tmp_path / "there", "--since", OLDER, "--cluster", cluster) == 0
    assert_same(tmp_path / "here", tmp_path / "there")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "nothing to look at"),
        (["nowhere"], "no such file"),
        (["CASES", "--since", "1999-01-01"], "no knowledge called 1999-01-01"),
        (["CASES", "--since", OLDER, "--release", OLDER], "is the release that is used anyway"),
        (["CASES", "--cluster", "tcp://127.0.0.1:9"], "no Dask scheduler answers"),
        (["CASES", "--cluster", "nonsense://x"], "no Dask scheduler answers"),
        (["CASES", "--cluster", "tcp://127.0.0.1:9", "--processes", "2"], "either --cluster or --processes"),
        (["--acknowledge", "abc"], "needs --owner"),
        (["--acknowledge", "abc", "--owner", "N"], "there are no results"),
    ],
)
def test_a_wrong_call_is_told_and_ends_with_2(
    home: Path, cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    given = [str(cases) if one == "CASES" else one for one in arguments]
    assert run(["reanalyse", *given, "--out", str(tmp_path / "out")]) == 2
    assert said.lower() in capsys.readouterr().err.lower()
    assert not (tmp_path / "out" / "run.json").exists()


def test_a_case_is_never_compared_with_another_of_its_identifier(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same = [packet("same", PALATE), packet("same", ECTOPIA, ARACHNODACTYLY, AORTA)]
    out, folder = tmp_path / "out", write_cases(tmp_path / "cases", same)
    assert reanalysed(folder, out) == 0
    write_cases(folder, [*same, packet("other", AORTA)])
    assert reanalysed(folder, out) == 0
    captured = capsys.readouterr()
    assert changes(out) == {}
    assert "0 cases moved" in captured.out
    assert "note: same: 2 cases have this identifier" in captured.err
    assert "2 cases have this identifier" in (out / "report.html").read_text(encoding="utf-8")
    # Now only one is left, and the last run does not say which of the two it was.
    (folder / "0000.json").unlink()
    assert reanalysed(folder, out) == 0
    assert changes(out) == {}
    # A newcomer takes the identifier of somebody who was alone.
    write_cases(folder, [packet("other", ECTOPIA, ARACHNODACTYLY, AORTA)])
    assert reanalysed(folder, out) == 0
    assert changes(out) == {}


def test_a_full_disk_is_told_of_the_folder_and_the_run_goes_on_later(home: Path, tmp_path: Path) -> None:
    out, folder = tmp_path / "out", write_cases(tmp_path / "cases", [packet("a", ECTOPIA, ARACHNODACTYLY, AORTA)])
    called = (
        f"import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
        "from hoofbeat.cli.main import run\n"
        f"raise SystemExit(run(['reanalyse', {str(folder)!r}, '--out', {str(out)!r}, "
        f"'--processes', '1']))"
    )
    ended = subprocess.run([sys.executable, "-c", called], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"error: {out}: File too large")
    assert "goes on where it was" in ended.stderr
    assert reanalysed(folder, out) == 0


def test_a_bad_file_does_not_stop_the_others(
    home: Path, cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (cases / "0000.json").write_text("{", encoding="utf-8")
    assert reanalysed(cases, tmp_path / "out", "--since", OLDER) == 0
    captured = capsys.readouterr()
    assert "0000.json" in captured.err
    assert "3 cases ranked" in captured.out


def test_a_table_of_acknowledgements_that_is_wrong_is_told_by_line(
    home: Path, cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "acknowledged.csv").write_text("alert,by,on,note\nabc123,,2026-01-01,\n", encoding="utf-8")
    assert reanalysed(cases, out, "--since", OLDER) == 2
    said = capsys.readouterr().err
    assert "line 2" in said
    assert "column by" in said


def test_a_damaged_folder_is_left_as_it_is(
    home: Path, cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "run.json").write_text("{}", encoding="utf-8")
    assert reanalysed(cases, out) == 2
    assert "damaged" in capsys.readouterr().err
    assert (out / "run.json").read_text(encoding="utf-8") == "{}"
