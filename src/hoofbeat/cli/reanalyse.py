"""`hoofbeat reanalyse`: rank many cases anew after new knowledge, and say which moved, because of which fact."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from hoofbeat.batch.acknowledged import Acknowledged, Acknowledgement
from hoofbeat.batch.over import available_cores, over
from hoofbeat.batch.reanalysed_document import Sides, opened
from hoofbeat.batch.reanalysis import Call, Look, Summary, reanalyse
from hoofbeat.batch.reanalysis_folder import CHANGES, REPORT, Folder
from hoofbeat.cli.given_path import GivenPath
from hoofbeat.cli.opened_knowledge import opened_knowledge
from hoofbeat.cli.presentation.reanalysis_page import reanalysis_page, repeated_identifiers
from hoofbeat.cli.presentation.wording import counted
from hoofbeat.cli.progress import progress_bar
from hoofbeat.interchange.report import InputError, shown
from hoofbeat.knowledge import releases

SHOWN_ALERTS = 20
_SHOWN_UNREAD = 5
_PATH = GivenPath(path_type=Path)


@click.command("reanalyse")
@click.argument("cases", nargs=-1, type=_PATH, metavar="[CASE ...]")
@click.option("--out", type=_PATH, required=True, metavar="DIR", help="Folder of results; kept from run to run.")
@click.option("--since", metavar="RELEASE", help="Compare with this release, in place of the last run in DIR.")
@click.option("--release", metavar="NAME|PATH", help="Knowledge release to use; default: the newest one built.")
@click.option("--no-library", is_flag=True, help="Public annotations only, without the case library.")
@click.option("--cluster", metavar="ADDRESS", help="Scheduler of a Dask cluster, such as tcp://host:8786.")
@click.option("--processes", type=click.IntRange(1, 256), metavar="N", help="Default: one per core.")
@click.option("--owner", default="", metavar="NAME", help="Who answers for new alerts.")
@click.option("--solved-too", is_flag=True, help="Alerts also for cases that are reported as solved.")
@click.option("--acknowledge", metavar="ALERT", help="Take note of an alert, so that it stays quiet; with --owner.")
@click.option("--note", default="", metavar="TEXT", help="With --acknowledge: what was found.")
def reanalyse_verb(
    cases: tuple[Path, ...],
    out: Path,
    since: str | None,
    release: str | None,
    no_library: bool,
    cluster: str | None,
    processes: int | None,
    owner: str,
    solved_too: bool,
    acknowledge: str | None,
    note: str,
) -> None:
    """Rank cases anew after new knowledge, and say which moved, and because of which fact.

    CASE is a phenopacket file, a folder or zip of them, or NDJSON. DIR gets changes.jsonl and report.html. The first
    run notes how the cases stand; each later one compares with the one before, or with --since RELEASE. A run that
    was stopped goes on where it was when it is called again.
    """
    folder = Folder(out)
    if acknowledge is not None:
        _acknowledge(folder, cases, Acknowledgement(acknowledge, owner, date.today().isoformat(), note))
        return
    if not cases:
        raise click.UsageError("nothing to look at: give CASEs")
    if cluster is not None and processes is not None:
        raise click.UsageError("either --cluster or --processes: give one of the two")
    call = Call(cases, folder, _sides(folder, since, release, no_library, solved_too), owner)
    mapper = _mapper(call.sides, cluster, processes or available_cores())
    page = partial(reanalysis_page, made=date.today())
    with progress_bar() as progress:
        summary = reanalyse(call, mapper, page, progress=progress)
    for line in _lines(summary, out):
        click.echo(line)
    for name, error in summary.unread[:_SHOWN_UNREAD]:
        click.echo(f"note: {shown(name, limit=240)}: {error}", err=True)
    if len(summary.unread) > _SHOWN_UNREAD:
        click.echo(f"note: and {len(summary.unread) - _SHOWN_UNREAD:,} more that could not be ranked", err=True)
    for line in repeated_identifiers(summary)[:_SHOWN_UNREAD]:
        click.echo(f"note: {line}", err=True)
    if not summary.nothing_new and not summary.counts["cases"]:
        raise InputError("no case could be ranked", code="no-case", repair="see the notes above")


def _sides(folder: Folder, since: str | None, release: str | None, no_library: bool, solved_too: bool) -> Sides:
    """Both knowledge files and the library. Raises KnowledgeError or InputError where one cannot be used."""
    opened_knowledge(release, with_library=not no_library)  # builds it where there is none yet
    after = releases.locate(release)
    before = None if since is None else releases.locate(since)
    if before is not None and before.exists() and before.samefile(after):
        raise InputError(
            f"--since {shown(since)} is the release that is used anyway",
            code="same-release",
            repair="name an earlier one (`hoofbeat knowledge status` lists them), or leave --since away",
        )
    library = releases.library_path()
    return Sides(
        after=after,
        before=before,
        previous=folder.outcomes,
        library=library if library.exists() and not no_library else None,
        alert_solved=solved_too,
    )


def _mapper(
    sides: Sides, cluster: str | None, processes: int
) -> Callable[[Look, Iterable[Any]], Generator[Any, None, None]]:
    setup = partial(opened, sides)
    if cluster is None:
        return lambda look, items: over(look, items, setup=setup, processes=processes)
    try:
        from hoofbeat.batch.cluster import over_cluster  # an extra
    except ImportError:
        raise InputError(
            "--cluster needs a package that is not installed",
            code="no-cluster",
            repair="pip install 'hoofbeat[cluster]'",
        ) from None
    return lambda look, items: over_cluster(look, items, setup=setup, address=cluster)


def _acknowledge(folder: Folder, cases: tuple[Path, ...], one: Acknowledgement) -> None:
    if cases:
        raise click.UsageError("--acknowledge takes no CASE")
    if not one.by:
        raise click.UsageError("--acknowledge needs --owner NAME: who took note of it")
    if folder.run is None:
        raise InputError(
            f"there are no results in {shown(folder.path, limit=240)}", code="no-run", repair="run a re-analysis first"
        )
    with folder.locked():
        if not any(alert["id"] == one.alert for alert in folder.alerts()):
            raise InputError(
                f"{shown(one.alert)} is no alert of the last run",
                code="no-alert",
                repair=f"copy its name from {REPORT}",
            )
        Acknowledged.read(folder.path).with_one(one).write(folder.path)
    click.echo(f"alert {one.alert} is noted by {one.by}, and stays quiet")


def _lines(summary: Summary, out: Path) -> Iterable[str]:
    if summary.nothing_new:
        yield f"nothing new since the last run: the same cases, knowledge and library; {out} is as it was"
        return
    counts = summary.counts
    if summary.resumed:
        yield f"went on after {counted(summary.resumed, 'document')} that an earlier call had done"
    yield f"{counted(counts['cases'], 'case')} ranked with {summary.after['knowledge']}"
    if summary.before is None:
        yield "there was nothing to compare with: the next run tells what has moved since this one"
    else:
        yield f"compared with {summary.before['knowledge']}: {counted(counts['changed'], 'case')} moved"
    if summary.engine_changed:
        yield (
            "the ranking itself has changed since the last run: what moved may be due to that; "
            "--since RELEASE compares knowledge alone"
        )
    yield f"{counted(counts['alerts'], 'alert')}, and {counts['quiet']:,} acknowledged before"
    for alert in summary.alerts[:SHOWN_ALERTS]:
        yield f"  {alert['id']}  {shown(alert['case'])}: {shown(alert['what'], limit=240)}"
    if len(summary.alerts) > SHOWN_ALERTS:
        yield f"  and {len(summary.alerts) - SHOWN_ALERTS:,} more"
    yield f"wrote {out / CHANGES} and {out / REPORT}"
