"""`hoofbeat benchmark`: rank cases whose diagnosis is known, and say how often it came first."""

from __future__ import annotations

import csv
import json
import os
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import IO, Any

import click

from hoofbeat.batch.benchmark import KnownCases, read_known_cases, score_cases
from hoofbeat.batch.over import Failure, available_cores
from hoofbeat.cli.benchmark_results import BenchmarkCall, Run, benchmark_results
from hoofbeat.cli.benchmark_table import benchmark_table
from hoofbeat.cli.given_path import GivenPath
from hoofbeat.cli.opened_knowledge import opened_knowledge
from hoofbeat.cli.output import whole_file
from hoofbeat.cli.progress import progress_bar
from hoofbeat.diagnosis.benchmark.blind_case import Terms
from hoofbeat.diagnosis.benchmark.case_score import CaseScore, csv_header, csv_row
from hoofbeat.diagnosis.benchmark.plan import Plan, plan_split, plan_with_library, plan_without_library
from hoofbeat.diagnosis.benchmark.ranker import Protocol, RankerOptions, WeightChoice, ranker_of
from hoofbeat.interchange.report import InputError, shown
from hoofbeat.knowledge import releases
from hoofbeat.knowledge.facts import Facts

_SHOWN = 5  # files or cases that a note names; the results have the numbers of all
_PATH = GivenPath(path_type=Path)
_FILE = GivenPath(path_type=Path, dir_okay=False)


@click.command("benchmark")
@click.argument("path", type=_PATH)
@click.option("--library", "library", type=_PATH, metavar="PATH", help="Solved cases to learn from.")
@click.option(
    "--split", type=click.IntRange(2, 100), metavar="K", help="Score each of K parts, the others being the library."
)
@click.option(
    "--protocol",
    type=click.Choice([one.value for one in Protocol]),
    default=Protocol.AS_IS.value,
    show_default=True,
    help="Annotations as released, or with the patient subtracted where they quote the case.",
)
@click.option(
    "--terms",
    type=click.Choice([one.value for one in Terms]),
    default=Terms.OBSERVED.value,
    show_default=True,
    help="Whether excluded findings may be seen.",
)
@click.option(
    "--weights",
    type=click.Choice([one.value for one in WeightChoice]),
    default=WeightChoice.CROSS_FITTED.value,
    show_default=True,
    help="Of the second stage: learned without the case, those of new cases, or none.",
)
@click.option("--out", type=_FILE, metavar="FILE", help="Write all figures there, as JSON.")
@click.option("--ranks", type=_FILE, metavar="FILE", help="Write a line per case there, as CSV.")
@click.option("--release", metavar="NAME|PATH", help="Knowledge release to use; default: the newest one built.")
@click.option("--processes", type=click.IntRange(1, 256), metavar="N", help="Default: one per core.")
def benchmark_verb(
    path: Path,
    library: Path | None,
    split: int | None,
    protocol: str,
    terms: str,
    weights: str,
    out: Path | None,
    ranks: Path | None,
    release: str | None,
    processes: int | None,
) -> None:
    """Rank cases whose diagnosis is known, and say how often it came first.

    PATH and --library are phenopackets: a file, a folder or zip of them, or NDJSON. A case is never ranked with a
    library that holds a case of its own publication. Without --library and --split, public annotations alone are used.
    """
    if library is not None and split is not None:
        raise click.UsageError("either --library or --split: give one of the two")
    _check_places((path, library), (out, ranks))
    options = RankerOptions(Protocol(protocol), WeightChoice(weights))
    call = BenchmarkCall(path, library, split, options, Terms(terms))
    with _opened(out) as results_file, _opened(ranks) as ranks_file:  # what cannot be written is told before the work
        results, scores = _run(call, release, processes or available_cores())
        click.echo(benchmark_table(results))
        if ranks_file is not None:
            _write_ranks(ranks_file, scores)
        if results_file is not None:
            results_file.write(json.dumps(results, ensure_ascii=False, allow_nan=False, indent=1) + "\n")


def _check_places(given: tuple[Path | None, ...], written: tuple[Path | None, ...]) -> None:
    """Raises click.UsageError where one file would take the place of another."""
    places = [os.path.realpath(one) for one in (*given, *written) if one is not None]
    if any(places.count(os.path.realpath(one)) > 1 for one in written if one is not None):
        raise click.UsageError("--out and --ranks need files of their own, which are not PATH or --library")


def _opened(path: Path | None) -> AbstractContextManager[IO[str] | None]:
    return nullcontext() if path is None else whole_file(path)


def _run(call: BenchmarkCall, release: str | None, used: int) -> tuple[dict[str, Any], Sequence[CaseScore]]:
    """Read, rank and score; the results, and the score of each case."""
    started = time.perf_counter()
    opened_knowledge(release)  # builds it where there is none yet
    knowledge_file = releases.locate(release)
    facts = Facts.open(knowledge_file)
    with progress_bar() as progress:
        read = partial(read_known_cases, knowledge_file=knowledge_file, processes=used, progress=progress)
        test = read(call.path)
        _check(test, call.path)
        plan = _plan(call, test, facts, read)
        if not plan.library and (call.library is not None or call.split is not None):
            click.echo("note: the library is empty: a case is counted there only if it cites a publication", err=True)
        read_until = time.perf_counter()
        ranker = partial(ranker_of, knowledge_file, call.options)
        scores, failures = score_cases(test, plan, facts, ranker, terms=call.terms, processes=used, progress=progress)
    _note_unread(test)
    _note_failures(failures)
    ended = time.perf_counter()
    run = Run(ended - started, ended - read_until, used)
    return benchmark_results(call, test, plan, facts, scores, failures, run), scores


def _plan(call: BenchmarkCall, test: KnownCases, facts: Facts, read: Callable[[Path], KnownCases]) -> Plan:
    if call.split is not None:
        return plan_split(test.cases, test.library(facts), call.split)
    if call.library is None:
        return plan_without_library(test.cases)
    taught = read(call.library)
    _check(taught, call.library)
    _note_unread(taught)
    return plan_with_library(test.cases, taught.library(facts), taught.cases)


def _check(test: KnownCases, path: Path) -> None:
    """Raises InputError where there is nothing to score."""
    if test.cases:
        return
    reasons = [f"{shown(name, limit=240)}: {error}" for name, error in test.unread[:_SHOWN]]
    reasons += [f"{number:,} cases with {reason}" for reason, number in test.not_scored.items()]
    raise InputError(
        "\n  ".join([f"{shown(path, limit=240)}: no case with a known diagnosis", *reasons]),
        code="no-diagnosis",
        repair="give phenopackets with an interpretation that is SOLVED, or with one disease",
    )


def _note_unread(known: KnownCases) -> None:
    for name, error in known.unread[:_SHOWN]:
        click.echo(f"note: {shown(name, limit=240)}: {error}", err=True)


def _note_failures(failures: Sequence[tuple[str, Failure]]) -> None:
    for case, failure in failures[:_SHOWN]:
        click.echo(f"note: {shown(case)}: counts as a failure: {failure.kind}: {failure.what}", err=True)


def _write_ranks(stream: IO[str], scores: Sequence[CaseScore]) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(csv_header())
    writer.writerows(csv_row(score) for score in scores)
