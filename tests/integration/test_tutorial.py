"""The commands of the tutorial work as they are printed."""

import re
import shlex
from pathlib import Path

import pytest

from hoofbeat.cli.main import run
from tests.conftest import ROOT

TUTORIAL = ROOT / "docs" / "tutorial" / "first-differential.md"
COMMANDS = re.findall(r"^\$ \.venv/bin/hoofbeat (.+)$", TUTORIAL.read_text(encoding="utf-8"), re.MULTILINE)


def test_the_tutorial_has_commands() -> None:
    assert len(COMMANDS) >= 4


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_tutorial_works_as_printed(
    command: str, tmp_path: Path, knowledge_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOFBEAT_HOME", str(knowledge_home))
    (tmp_path / "src").symlink_to(ROOT / "src", target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    words = shlex.split(command)
    assert run(words) == 0
    if "--out" in words:
        assert Path(words[words.index("--out") + 1]).stat().st_size > 1000
