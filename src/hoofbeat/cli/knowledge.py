"""`hoofbeat knowledge`: build a release, update to the newest one, and show what is there and where it comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from hoofbeat.cli.exit_status import EXIT_INPUT
from hoofbeat.cli.given_path import GivenPath
from hoofbeat.cli.library import add_cases_verb, library_status, library_text, remove_source_verb
from hoofbeat.cli.progress import progress_bar
from hoofbeat.knowledge import releases
from hoofbeat.knowledge.build import BuildReport, build, release_name
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.sources import Sources

_FOLDER = GivenPath(path_type=Path, file_okay=False)
# How many skipped rows and merged names `status` prints; the JSON form has them all.
_SHOWN = 5


@click.group()
def knowledge() -> None:
    """Build, update and inspect the medical knowledge: HPO, its annotations, genes, cross-references, solved cases."""


knowledge.add_command(add_cases_verb)
knowledge.add_command(remove_source_verb)


@knowledge.command("check-burdens")
@click.argument("file", type=GivenPath(path_type=Path), metavar="FILE")
def check_burdens_verb(file: Path) -> None:
    """Check a burden file, which says what each diagnostic action asks of the patient: every wrong line and field is
    named.

    The shipped one is the pattern: `hoofbeat knowledge show-table burdens > burdens.csv`.
    """
    from hoofbeat.interchange.burden_file import read_burdens

    table = read_burdens(file)
    missing = sum(bool(row.unknown) for row in table.rows.values())
    click.echo(f"{len(table.rows)} actions, {missing} of them with something unknown: the file can be used")


@knowledge.command("check-avoid")
@click.argument("file", type=GivenPath(path_type=Path), metavar="FILE")
def check_avoid_verb(file: Path) -> None:
    """Check an avoid file, which says what must not be done before a disease is excluded."""
    from hoofbeat.interchange.avoid_file import read_avoid_records

    click.echo(f"{len(read_avoid_records(file))} records: the file can be used")


@knowledge.command("show-table")
@click.argument("name", type=click.Choice(["burdens", "avoid"]))
def show_table_verb(name: str) -> None:
    """Print a table that ships with Hoofbeat, to make your own from."""
    from hoofbeat.interchange.burden_file import shipped_text

    click.echo(shipped_text(f"{name}.csv"), nl=False)


@knowledge.command("build")
@click.option(
    "--from",
    "folder",
    type=_FOLDER,
    metavar="DIR",
    help="Folder with the files of a release; default: the one installed.",
)
@click.option(
    "--as-of", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="What was known on that day (YYYY-MM-DD)."
)
def build_verb(folder: Path | None, day: datetime | None) -> None:
    """Build the knowledge file of a release.

    DIR holds hp.obo, phenotype.hpoa and genes_to_phenotype.txt, and where you have them genes_to_disease.txt and a
    table of cross-references (en_product1.xml, orpha2omim.json or mondo.sssom.tsv), and the medical actions (maxo.obo
    with maxo_diagnostic_annotations.tsv).

    Without --from, a release of the same name that was built with more tables is not replaced.

    With --as-of, the release of that day is used when it is there; else later rows are dropped, and the result is
    marked approximate.
    """
    as_of = None if day is None else day.date()
    if as_of is not None and (stored := _stored(as_of.isoformat())):
        click.echo(f"release {stored.name} is there: name it to use it; nothing was built")
        return
    sources = Sources.bundled() if folder is None else Sources.in_folder(folder)
    name = release_name(sources, as_of)
    if folder is None:
        _refuse_to_lose(sources, name)
    target = releases.release_folder(name)
    with progress_bar() as progress:
        report = build(sources, target, as_of=as_of, progress=progress)
    _print_build(report)


def _refuse_to_lose(sources: Sources, name: str) -> None:
    """Raises KnowledgeError where the release of this name was built from tables that the one installed does not have:
    without asking, twins and medical actions would be gone.
    """
    there = _stored(name)
    if there is None:
        return
    given = {role.value for role in sources.paths}
    if lost := [one["name"] for one in there.manifest["inputs"] if one["role"] not in given]:
        raise KnowledgeError(
            f"release {name} is there with {', '.join(lost)}, which a build from the installed files would lose",
            repair=f"give their folder with --from DIR, or delete {there.path.parent} first; nothing was changed",
        )


def _stored(name: str) -> releases.Release | None:
    return next((release for release in releases.status().releases if release.name == name), None)


def _print_build(report: BuildReport) -> None:
    counts = report.manifest["counts"]
    click.echo(f"built {report.path}")
    click.echo(_summary(report.manifest))
    skipped = len(report.manifest["report"]["skipped_rows"])
    if skipped:
        click.echo(
            f"{skipped} of {counts['rows_read']:,} rows skipped: `hoofbeat knowledge status --format json` lists them"
        )
    for warning in report.manifest["report"]["warnings"]:
        click.echo(f"note: {warning}", err=True)


@knowledge.command("update")
@click.option(
    "--from", "folder", type=_FOLDER, metavar="DIR", help="Take the files of a folder instead of fetching them."
)
def update_verb(folder: Path | None) -> None:
    """Fetch the newest official release, check it, and build it beside the others.

    What is there already stays, and stays in use until the new release has passed its checks.
    """
    from hoofbeat.knowledge.update import update  # brings httpx, which no other verb needs

    with progress_bar() as progress:
        report = update(folder=folder, progress=progress)
    for reason in report.left_out:
        click.echo(f"note: left out: {reason}", err=True)
    click.echo(f"release {report.release} {'is ready' if report.is_new else 'was there already'}: {report.path}")


@knowledge.command("status")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--verify", is_flag=True, help="Read every file whole and compare it with its checksum.")
def status_verb(form: str, verify: bool) -> None:
    """Show which releases and which solved cases are there, where they come from and under which licence.

    With --verify, the exit status is 2 where anything is damaged, or built by another version of Hoofbeat.
    """
    found = releases.status(verify=verify)
    library, problem = _library(verify=verify)
    _show_status(found, library, problem, form)
    if verify and (found.damaged or found.others or problem is not None):
        raise click.exceptions.Exit(EXIT_INPUT)


def _show_status(
    found: releases.Status, library: dict[str, Any] | None, problem: KnowledgeError | None, form: str
) -> None:
    if form == "json":
        document = {**_status_json(found), "library": library}
        if problem is not None:
            document["damaged"].append({"path": str(releases.library_path()), "reason": problem.what})
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    for path, reason in found.damaged:
        click.echo(f"error: {reason}\n  repair: build it anew, or delete {path.parent}", err=True)
    if not found.releases and not found.others:
        click.echo(f"no knowledge in {found.folder} yet\n  make it: hoofbeat knowledge build")
    if found.default is None and any(not release.is_approximate for release in found.releases):
        click.echo(
            f"error: no release is in use: the newest, {found.chosen}, cannot be used, and no older one takes its "
            f"place\n  repair: build it anew, or delete {found.folder / str(found.chosen)}",
            err=True,
        )
    for release in found.releases:
        click.echo(_release_text(release, is_default=release.name == found.default))
    for other in found.others:
        lines = (f"file      {other.path}", f"reason    {other.reason}", f"repair    {other.repair}")
        click.echo("\n  ".join((f"release {other.name} (not usable: built by another version of Hoofbeat)", *lines)))
    if problem is not None:
        click.echo(f"error: {problem}", err=True)
    elif library is None:
        click.echo("no case library yet\n  add solved cases: hoofbeat knowledge add-cases PATH")
    else:
        click.echo(library_text(library))


def _library(*, verify: bool) -> tuple[dict[str, Any] | None, KnowledgeError | None]:
    """What is to be said of the case library, or what is wrong with it."""
    try:
        return library_status(verify=verify), None
    except KnowledgeError as error:
        return None, error


def _status_json(found: releases.Status) -> dict[str, Any]:
    return {
        "folder": str(found.folder),
        "default": found.default,
        "releases": [
            {"name": release.name, "path": str(release.path), "size": release.path.stat().st_size, **release.manifest}
            for release in found.releases
        ],
        "other_versions": [
            {"name": one.name, "path": str(one.path), "reason": one.reason, "repair": one.repair}
            for one in found.others
        ],
        "damaged": [{"path": str(path), "reason": reason} for path, reason in found.damaged],
    }


def _release_text(release: releases.Release, *, is_default: bool) -> str:
    manifest = release.manifest
    marks = [mark for mark, holds in (("in use", is_default), ("approximate", release.is_approximate)) if holds]
    size = release.path.stat().st_size / 1e6
    lines = [
        f"release {release.name}{' (' + ', '.join(marks) + ')' if marks else ''}",
        f"  file      {release.path} ({size:.1f} MB, checksum {manifest['content_sha256'][:12]})",
        *(f"  {line}" for line in _summary(manifest).splitlines()),
    ]
    for source in manifest["inputs"]:
        dated = f" of {source['date']}" if source["date"] else ""
        origin = f"{source['origin']}; {source['licence']}; sha256 {source['sha256'][:12]}"
        lines.append(f"  source    {source['name']}{dated}: {origin}")
    lines += [f"  note      {line}" for line in _notes(manifest["report"])]
    return "\n".join(lines)


def _summary(manifest: Mapping[str, Any]) -> str:
    counts, twins = manifest["counts"], manifest["report"]["twins"]
    entries = ", ".join(f"{number:,} {source}" for source, number in counts["entries"].items())
    releases_used = f"HPO {manifest['ontology_release']}, annotations {manifest['annotation_release']}"
    return (
        f"{releases_used}: {counts['phenotype_terms']:,} findings, "
        f"{counts['rows']:,} annotations from {counts['references']:,} references\n"
        f"{counts['diseases']:,} diseases from {entries} entries "
        f"({twins['by_exact_link']:,} pairs merged by link, {len(twins['by_name'])} by name), "
        f"{counts['gene_disease_pairs']:,} gene-disease pairs"
    )


def _notes(report: Mapping[str, Any]) -> list[str]:
    """What a build changed, left out or could not decide, a line each."""
    notes = list(report["warnings"])
    actions = report.get("actions")
    if actions:
        notes.append(
            f"{actions['actions']:,} medical actions, {actions['actions_that_show_findings']} of them show findings "
            f"({actions['observable']:,} pairs; {actions['prenatally_observable']:,} in the unborn)"
        )
    dropped = report["dropped_later_rows"]
    if dropped:
        notes.append(f"{sum(dropped.values()):,} rows curated later were dropped")
    notes += [f"{m['given']} is now {m['used']} ({m['rows']} rows)" for m in report["mapped_ids"][:_SHOWN]]
    notes += [f"line {row['line']} skipped: {row['reason']}" for row in report["skipped_rows"][:_SHOWN]]
    more = len(report["mapped_ids"][_SHOWN:]) + len(report["skipped_rows"][_SHOWN:])
    if more:
        notes.append(f"{more} more ids mapped or rows skipped: see --format json")
    groups = report["twins"]["contradictory"]
    if groups:
        shown = "; ".join(" ".join(group) for group in groups[:_SHOWN]) + (" ..." if groups[_SHOWN:] else "")
        notes.append(f"{len(groups)} groups of entries contradict each other and stay apart: {shown}")
    return notes
