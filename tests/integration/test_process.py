"""`hoofbeat` as a process among others: full disks, closed streams, and being told to end."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from hoofbeat.cli.main import main; main()"]
CASE = json.dumps({"id": "case-1", "phenotypicFeatures": [{"type": {"id": "HP:0001166"}}], "metaData": {}})


@pytest.fixture(autouse=True)
def home(knowledge_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOOFBEAT_HOME", str(knowledge_home))
    monkeypatch.delenv("HOOFBEAT_DEBUG", raising=False)
    return knowledge_home


def test_a_full_disk_behind_standard_output_is_told_with_status_2() -> None:
    with open("/dev/full", "w") as full:
        ended = subprocess.run([*COMMAND, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith("error: standard output or a temporary file: No space left on device\n  repair: ")
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("closed", "status"), [(">&-", 0), ("2>&-", 0), ("<&-", 0), (">&- 2>&- <&-", 0), ("- <&-", 2), ("nowhere 2>&-", 2)]
)
def test_closed_streams_are_no_fault_of_ours(closed: str, status: int, tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text(CASE, encoding="utf-8")
    given = "" if closed[0] in "-n" else f"'{case}'"
    shell = f'exec "$0" "$@" rank {given} {closed}'
    ended = subprocess.run(["sh", "-c", shell, *COMMAND], capture_output=True, text=True, check=False)
    assert ended.returncode == status
    assert "unexpected" not in ended.stderr


def test_a_signal_to_end_leaves_no_copy_of_what_was_read_and_nothing_half_written(tmp_path: Path) -> None:
    out, copies = tmp_path / "out.txt", tmp_path / "copies"
    copies.mkdir()
    process = subprocess.Popen(
        [*COMMAND, "rank", "-", "--out", str(out)], stdin=subprocess.PIPE, env=os.environ | {"TMPDIR": str(copies)}
    )
    assert process.stdin is not None
    until = time.monotonic() + 30
    while not any(copies.iterdir()) and time.monotonic() < until:
        time.sleep(0.05)
    assert any(copies.iterdir())
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 143
    process.stdin.close()
    assert [path.name for path in tmp_path.iterdir()] == ["copies"]
    assert not any(copies.iterdir())


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv of util-linux takes the rights of root away")
def test_a_closed_folder_and_an_impossible_name_do_not_stop_the_others(tmp_path: Path) -> None:
    good, closed = tmp_path / "good.json", tmp_path / "closed"
    good.write_text(CASE, encoding="utf-8")
    closed.mkdir(mode=0)
    paths = [str(closed / "x.json"), "x" * 300, str(tmp_path), str(good)]
    rights = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    ended = subprocess.run(
        [*rights, *COMMAND, "rank", *paths, "--format", "json"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    results = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [one["case"] for one in results] == [None, None, None, "case-1", "case-1"]
    assert results[0]["error"] == "Permission denied; repair: check the name"
    assert results[1]["error"].endswith("File name too long; repair: check the name")
    assert results[2]["file"] == str(closed)
