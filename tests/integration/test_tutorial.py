"""The commands of the tutorial and of the README work as they are printed."""

import re
import shlex
from pathlib import Path

import pytest

from hoofbeat.cli.main import run
from tests.conftest import ROOT

TUTORIAL = ROOT / "docs" / "tutorial" / "first-differential.md"
COMMANDS = re.findall(r"^\$ \.venv/bin/hoofbeat (.+)$", TUTORIAL.read_text(encoding="utf-8"), re.MULTILINE)
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUICK_START = re.findall(r"^\.venv/bin/hoofbeat (.+)$", README, re.MULTILINE)


def test_the_tutorial_has_commands() -> None:
    assert len(COMMANDS) >= 4
    assert len(QUICK_START) >= 4


@pytest.mark.parametrize("command", dict.fromkeys(COMMANDS + QUICK_START))
def test_a_command_works_as_printed(
    command: str, tmp_path: Path, knowledge_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOFBEAT_HOME", str(knowledge_home))
    (tmp_path / "src").symlink_to(ROOT / "src", target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    words = shlex.split(command)
    assert run(words) == 0
    if "--out" in words:
        assert Path(words[words.index("--out") + 1]).stat().st_size > 1000


def test_the_python_of_the_readme_works_as_printed(
    knowledge_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOOFBEAT_HOME", str(knowledge_home))
    (program,) = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    exec(program, {})
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[::2]] == ["1", "2", "3"]
    for line in lines[1::2]:
        of_rows, score = map(float, line.split())
        assert of_rows == pytest.approx(score, abs=1e-9)
