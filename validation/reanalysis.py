"""Measures re-analysis: how long 10,000 cases take, how often a clinic is told of something, and that a run which is
killed ends like one that is not.

    python -m validation.reanalysis speed|alerts|kills [--freeze]

The cases are the published ones beside the checkout. Each part freezes its own share of `results/reanalysis.json`.
Measure `speed` on a machine that does nothing else; the other two say the same on any.

Both sides of a comparison are built from the installed HPO release. The earlier one leaves out what was curated after
its day, but keeps all rows of Orphanet: they carry the day of export alone, so that dropping them by date would compare
a release with Orphanet with one without. Genes carry no date either, and are the same on both sides.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from hoofbeat.batch import Failure, available_cores, over
from hoofbeat.diagnosis.benchmark.blind_case import BlindCase, Terms
from hoofbeat.diagnosis.benchmark.truth import truth_of
from hoofbeat.diagnosis.rank import NothingToRankError, rank
from hoofbeat.diagnosis.reanalysis.alert import alerts
from hoofbeat.diagnosis.reanalysis.change import changed
from hoofbeat.diagnosis.reanalysis.comparison import Before
from hoofbeat.diagnosis.reanalysis.outcome import outcome_of
from hoofbeat.interchange.sources import documents, read_cases
from hoofbeat.knowledge.build import build
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.hpoa import latest_date
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.sources import Role, Sources
from validation.cases import shared_cases, shared_folder
from validation.machine import described
from validation.measures import BIN, Measure
from validation.results_folder import REANALYSIS, freeze, frozen

MANY = 10_000
MONTHS = 12
CASES = 1_500  # for the rate of alerts
KILLS = 10
KILLED_CASES = 2_000
ORPHANET = "ORPHA:"
BEFORE = "0-before"  # sorts before the day of the installed release, which is the one used without a name
_SEED = 20261124


@click.group()
def main() -> None:
    """Measure re-analysis."""


@main.command()
@click.option("--cases", "number", default=MANY, show_default=True)
@click.option("--freeze", "is_frozen", is_flag=True)
def speed(number: int, is_frozen: bool) -> None:
    """The command as a user calls it, two releases a month apart, on as many processes as there are cores."""
    with tempfile.TemporaryDirectory() as place:
        home, folder = Path(place) / "home", Path(place)
        cases = folder / "cases.ndjson"
        # A process is told to have had as much memory as the one that started it: this one must stay small.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as elsewhere:
            elsewhere.submit(_two_releases, home).result()
            elsewhere.submit(_write_many, _published(), cases, number).result()
        started = time.perf_counter()
        process = _run(home, cases, folder / "out")
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    _whole(process, said)
    processor = used.ru_utime + used.ru_stime
    click.echo(said)
    measures = [
        Measure(f"{number:,} cases re-analysed with --since, {available_cores()} processes", seconds, "s", 60),
        Measure("the same: cases a second", number / seconds, "1/s"),
        Measure("the same: processor time of a case", processor / number * 1000, "ms"),
        Measure("the same: memory of the largest process", used.ru_maxrss * 1024 / 1e6, "MB", 400),
    ]
    for one in measures:
        click.echo(one.line())
    _keep("speed", {"measures": [one.to_json() for one in measures], "machine": described()}, is_frozen=is_frozen)


@main.command("alerts")
@click.option("--cases", "number", default=CASES, show_default=True)
@click.option("--months", default=MONTHS, show_default=True)
@click.option("--freeze", "is_frozen", is_flag=True)
def alerts_command(number: int, months: int, is_frozen: bool) -> None:
    """How many cases alert from each month to the next, as if they were unsolved, and how many of these rightly.

    Observed findings, public annotations without a library. A case is left out of a month in which a row that quotes
    its publication came in: it would be recognised, and no patient of a clinic is.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        home = folder / "home"
        day = _installed(home)
        days = [_months_before(day, back) for back in range(months, 0, -1)]
        ends = [_earlier(folder / one.isoformat(), one) for one in days]
        ends.append(next((home / "knowledge").iterdir()))
        ontology = Facts.open(ends[-1]).ontology
        read = [BlindCase.of(case, "") for one in read_cases(_published(), ontology=ontology) for case in one.cases]
        chosen = [one for one in read if one.case.observed][:: max(1, len(read) // number)][:number]
        counted = []
        for before, after in pairwise(ends):
            counted.append(_month(before, after, chosen))
            click.echo(f"until {after.name}: {counted[-1]}")
    total = {name: sum(month[name] for month in counted) for name in counted[0]}
    told = max(total["alerting"], 1)
    measures = [
        Measure("alerts, of 100 cases a month", 100 * total["alerting"] / total["cases"], "of 100", 0.5),
        Measure("cases that moved, of 100 a month", 100 * total["moved"] / total["cases"], "of 100"),
        Measure("alerts that name the true disease", 100 * total["right"] / told, "%"),
        Measure("alerts with which the true disease stands higher", 100 * total["higher"] / told, "%"),
        Measure("alerts with which the true disease stands lower", 100 * total["lower"] / told, "%"),
    ]
    for one in measures:
        click.echo(one.line())
    content = {"measures": [one.to_json() for one in measures], "months": counted, "total": total}
    _keep("alerts", content, is_frozen=is_frozen)


@main.command()
@click.option("--freeze", "is_frozen", is_flag=True)
def kills(is_frozen: bool) -> None:
    """Kill a run at ten random moments, let it end, and compare every file with those of an undisturbed run."""
    chance = random.Random(_SEED)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        home, cases = folder / "home", folder / "cases.ndjson"
        _two_releases(home)
        _write_many(_published(), cases, KILLED_CASES)
        started = time.perf_counter()
        _through(home, cases, folder / "whole")
        seconds = time.perf_counter() - started
        whole, out = _files(folder / "whole"), folder / "out"
        killed, ends = 0, []
        while killed < KILLS:
            process = _run(home, cases, out)
            try:
                process.wait(chance.uniform(0, seconds / 2))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                killed += 1
            if (out / "run.json").exists():  # it was through before the last kill: that counts, and another one begins
                ends.append(_files(out) == whole)
                shutil.rmtree(out)
        _through(home, cases, out)
        ends.append(_files(out) == whole)
    same = all(ends)
    click.echo(f"killed {killed} times, through {len(ends)} times: {'the same each time' if same else 'DIFFERENT'}")
    _keep("kills", {"cases": KILLED_CASES, "kills": killed, "runs": len(ends), "same": same}, is_frozen=is_frozen)
    sys.exit(0 if same else 1)


@dataclass(frozen=True)
class Pair:
    """What a process compares with."""

    before: Knowledge
    after: Knowledge

    @classmethod
    def of(cls, before: Path, after: Path) -> Pair:
        """Open both."""
        return cls(Knowledge.open(before), Knowledge.open(after))


def looked(pair: Pair, one: BlindCase) -> dict[str, int] | None:
    """What re-analysis makes of one case; None where it does not count (see `alerts_command`)."""
    facts = pair.after.facts
    truth = truth_of(one.diseases, one.publications, facts)
    case = one.seen(Terms.OBSERVED)
    quoted = [[len(side.facts.annotations.citing(p)) for p in one.publications] for side in (pair.before, pair.after)]
    if truth is None or quoted[0] != quoted[1]:
        return None
    try:
        then, now = rank(case, pair.before), rank(case, pair.after)
    except NothingToRankError:
        return None
    before, after = Before.ranked(then, pair.after), outcome_of(now)
    told = list(alerts(before.outcome, after, {}, earlier=after.variants))
    was, is_now = (side.rank_of(truth.key) for side in (then, now))
    return {
        "cases": 1,
        "moved": int(changed(before.outcome, after) is not None),
        "alerting": int(bool(told)),
        "right": int(any(alert.disease == truth.key for alert in told)),
        # A disease that was not ranked at all has no place: it stands higher now.
        "higher": int(bool(told) and (is_now < was or (was != was and is_now == is_now))),
        "lower": int(bool(told) and is_now > was),
    }


def _month(before: Path, after: Path, cases: list[BlindCase]) -> dict[str, int]:
    counts = dict.fromkeys(("cases", "moved", "alerting", "right", "higher", "lower"), 0)
    for _case, found in over(looked, cases, setup=partial(Pair.of, before, after)):
        assert not isinstance(found, Failure), found
        for name, value in (found or {}).items():
            counts[name] += value
    return counts


def _published() -> Path:
    path = shared_cases()
    if path is None:
        raise click.UsageError("there are no published cases beside the checkout")
    return path


def _installed(home: Path) -> date:
    """Build the installed release; its day."""
    with tempfile.TemporaryDirectory() as place:
        facts = build(_sources(Path(place), None), home / "knowledge" / "today")
    named = home / "knowledge" / facts.release
    (home / "knowledge" / "today").rename(named)
    return date.fromisoformat(facts.release)


def _two_releases(home: Path) -> None:
    """Build the installed release, and the same as of a month before."""
    _earlier(home / "knowledge" / BEFORE, _months_before(_installed(home), 1))


def _earlier(target: Path, day: date) -> Path:
    """Build the release as it may have been on a day; its folder."""
    with tempfile.TemporaryDirectory() as place:
        build(_sources(Path(place), day), target)
    return target


def _sources(folder: Path, day: date | None) -> Sources:
    """The installed release and the cross-references beside the checkout, but for what was curated after a day."""
    paths = Sources.bundled().paths
    for role in (Role.ONTOLOGY, Role.GENES_TO_PHENOTYPE):
        (folder / paths[role].name).symlink_to(paths[role])
    for path in (shared_folder() / "xref").glob("*.json"):
        (folder / path.name).symlink_to(path)
    latest = 99_999_999 if day is None else int(day.strftime("%Y%m%d"))
    with (
        paths[Role.ANNOTATIONS].open(encoding="utf-8") as source,
        (folder / paths[Role.ANNOTATIONS].name).open("w", encoding="utf-8") as kept,
    ):
        kept.writelines(line for line in source if _is_there(line, latest))
    return Sources.in_folder(folder)


def _is_there(line: str, latest: int) -> bool:
    return line.startswith(ORPHANET) or latest_date(line.rpartition("\t")[2]) <= latest


def _months_before(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, min(day.day, 28))


def _write_many(path: Path, target: Path, number: int) -> None:
    """So many documents, a line each: the published cases again and again, each time under other identifiers."""
    sources = [one.data for one in documents(path)]
    with target.open("w", encoding="utf-8") as stream:
        for count, packet in enumerate(_again(sources, number)):
            packet["id"] = f"{packet.get('id', 'case')}-{count}"
            packet.setdefault("subject", {})["id"] = f"person-{count}"
            stream.write(json.dumps(packet) + "\n")


def _again(sources: list[bytes], number: int) -> Iterator[dict[str, Any]]:
    for count in range(number):
        yield json.loads(sources[count % len(sources)])


def _run(home: Path, cases: Path, out: Path) -> subprocess.Popen[str]:
    """The command, in a group of processes of its own."""
    words = [str(BIN / "hoofbeat"), "reanalyse", str(cases), "--out", str(out), "--since", BEFORE, "--solved-too"]
    return subprocess.Popen(
        words, env={**os.environ, "HOOFBEAT_HOME": str(home)}, start_new_session=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def _through(home: Path, cases: Path, out: Path) -> str:
    """Run the command to its end; what it said."""
    process = _run(home, cases, out)
    return _whole(process, process.communicate()[0])


def _whole(process: subprocess.Popen[str], said: str) -> str:
    if process.returncode:
        raise click.ClickException(f"`hoofbeat reanalyse` ended with {process.returncode}: {said}")
    return said


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}


def _keep(part: str, content: dict[str, Any], *, is_frozen: bool) -> None:
    if is_frozen:
        command = f"python -m validation.reanalysis {part} --freeze"
        written = freeze(REANALYSIS, {**(frozen(REANALYSIS) or {}), part: {"command": command, **content}})
        click.echo(f"written to {written}")


if __name__ == "__main__":
    main()
