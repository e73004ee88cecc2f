"""What README, how-tos and tutorials print to be typed works as it is printed, in a checkout after `make demo`."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from hoofbeat.cli.main import hoofbeat_command
from tests.conftest import ROOT

PAGES = (
    ROOT / "README.md",
    *sorted((ROOT / "docs" / "how-to").glob("*.md")),
    *sorted((ROOT / "docs").glob("tutorial/*.md")),
)
PROGRAM = ".venv/bin/hoofbeat "
# How a line that is not run here begins, or what is in it, and why.
NOT_RUN = {
    r"^make ": "installs, and runs everything",
    r"^vep ": "another program",
    r"^export ": "names a server of the reader's",
    r"^\.venv/bin/pip ": "fetches a package",
    r" knowledge update": "fetches from the internet, or reads files that were fetched",
    r" knowledge build": "builds for half a minute, some of it from files of others",
    r"all_phenopackets\.zip": "a file of others",
    r"remove-source PMID": "of a publication of that file",
    r" benchmark ": "starts a pool of processes; tests/integration/test_benchmark_cli.py calls the same",
    r" user add ": "asks for a password",
    r" serve": "serves until somebody ends it",
    r" (backup|restore) ": "a place of the reader's",
    r" migrate$| audit verify$| clinic reanalyse$": "an installation; tests/web/test_command_line.py calls the same",
    r"--cluster ": "needs a cluster",
    r"--acknowledge ": "an alert of one's own",
    r"HP:00010833": "shows what a mistake gets",
}
FENCE = re.compile(r"^ *```(?P<language>\w*)\n(?P<inside>.*?)^ *```", re.MULTILINE | re.DOTALL)


def blocks(page: Path, *languages: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return [found["inside"] for found in FENCE.finditer(text) if found["language"] in languages]


def typed(page: Path) -> list[str]:
    """The lines that somebody types; of a block with prompts only what stands behind them."""
    lines = [line.strip() for block in blocks(page, "", "sh") for line in block.splitlines()]
    prompted = [line for block in blocks(page, "console") for line in block.splitlines()]
    lines += [line.removeprefix("$ ") for line in prompted if line.startswith("$ ")]
    return [line for line in lines if line]


def why_not(line: str) -> str:
    return next((why for pattern, why in NOT_RUN.items() if re.search(pattern, line)), "")


EVERY_LINE = [(page, line) for page in PAGES for line in typed(page)]
NAMED = [pytest.param(page, line, id=f"{page.stem}: {line[:60]}") for page, line in dict.fromkeys(EVERY_LINE)]
RUN = [page for page in PAGES if any(not why_not(line) for line in typed(page))]
PYTHON = [page for page in PAGES if blocks(page, "python")]


@pytest.mark.parametrize(("page", "line"), NAMED)
def test_a_line_calls_the_program_by_its_path(page: Path, line: str) -> None:
    assert line.startswith((PROGRAM, ".venv/bin/pip ", "make ", "export ", "vep ")), f"{page.name}: {line}"


@pytest.mark.parametrize(("page", "line"), [one for one in NAMED if str(one.values[1]).startswith(PROGRAM)])
def test_every_option_of_a_line_is_one_of_its_command(page: Path, line: str) -> None:
    """Also of the lines that are not run."""
    words = shlex.split(line.removeprefix(PROGRAM), comments=True)
    command: click.Command = hoofbeat_command
    context = click.Context(hoofbeat_command)
    while isinstance(command, click.Group):
        found = command.get_command(context, words.pop(0))
        assert found is not None, f"{page.name}: {line}"
        command = found
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    assert {word.partition("=")[0] for word in words if word.startswith("--")} <= known


def test_every_reason_for_not_running_a_line_is_needed() -> None:
    assert {pattern for pattern in NOT_RUN if not any(re.search(pattern, line) for _, line in EVERY_LINE)} == set()


@pytest.fixture
def checkout(tmp_path: Path, knowledge_home: Path) -> Path:
    """A folder that looks like a checkout after `make demo`, with a home of its own that shares the built knowledge."""
    (tmp_path / "src").symlink_to(ROOT / "src", target_is_directory=True)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "hoofbeat").symlink_to(Path(sys.executable).parent / "hoofbeat")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "knowledge").symlink_to(knowledge_home / "knowledge", target_is_directory=True)
    return tmp_path


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.stem)
def test_the_lines_of_a_page_work_one_after_the_other_when_they_are_pasted(page: Path, checkout: Path) -> None:
    pasted = "\n".join(["set -ex", *(line for line in typed(page) if not why_not(line))])
    done = subprocess.run(
        ["bash", "-c", pasted], cwd=checkout, env=os.environ | {"HOOFBEAT_HOME": str(checkout / "home")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    written = {one.name for one in checkout.iterdir()} - {"src", ".venv", "home"}
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {name for name in written if not {f"/{name}", f"/{name}/"} & set(ignored)} == set(), "git would see them"


@pytest.mark.parametrize("page", PYTHON, ids=lambda page: page.stem)
def test_the_python_of_a_page_works_when_it_is_pasted(page: Path, checkout: Path) -> None:
    for program in blocks(page, "python"):
        if "other/library.npz" in program:
            pytest.skip("it reads the library of another clinic")
        command = f'.venv/bin/hoofbeat demo --examples examples && "{sys.executable}" -c "$PROGRAM"'
        done = subprocess.run(
            ["bash", "-c", command], cwd=checkout, capture_output=True, text=True, check=False,
            env=os.environ | {"HOOFBEAT_HOME": str(checkout / "home"), "PROGRAM": program},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
