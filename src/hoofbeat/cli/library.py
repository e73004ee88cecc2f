"""`hoofbeat knowledge add-cases` and `remove-source`: put solved cases into the case library, and take them out again;
and what `knowledge status` says of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hoofbeat.cli.given_path import GivenPath
from hoofbeat.cli.progress import progress_bar
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.library import Library, LibraryInput, counts_genes
from hoofbeat.knowledge.library_file import library_lock, replace_library, stored_library
from hoofbeat.knowledge.library_rows import LibraryRows, cited_blocks
from hoofbeat.knowledge.releases import library_path, locate
from hoofbeat.knowledge.solved_case import CLINIC
from hoofbeat.knowledge.store import Store

if TYPE_CHECKING:  # read by the command itself only: it brings the phenopacket classes
    from hoofbeat.interchange.solved_cases import SolvedCases

# How many bad files, refused cases of a kind, and blocks are named; the rest is counted.
_SHOWN_FILES = 100
_SHOWN = 5


@click.command("add-cases")
@click.argument("path", type=GivenPath(path_type=Path))
@click.option(
    "--source",
    "given_source",
    metavar="NAME",
    help="Where cases are from that cite no publication: PMID:123, or the name of your clinic.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be added, and write nothing.")
def add_cases_verb(path: Path, given_source: str | None, dry_run: bool) -> None:
    """Add solved cases to the case library, as counts.

    PATH is a phenopacket, a folder or zip of them, or one per line. Each needs one disease reported as solved, and a
    publication or --source. Give all cases of a source at once: of two counts of one disease and source, the fuller
    one stands.
    """
    from hoofbeat.cases.solved import source_named
    from hoofbeat.interchange.solved_cases import read_solved_cases

    source = None if given_source is None else source_named(given_source)
    facts = Facts.open(locate())
    stored_library()  # a damaged library is better said before the cases are read
    with progress_bar() as progress:
        found = read_solved_cases(path, ontology=facts.ontology, source=source, progress=progress)
        progress(f"counting {len(found.cases):,} cases", 1.0)
        brought_by = LibraryInput(datetime.now(UTC).date().isoformat(), found.sha256, found.name)
        incoming = Library.of(found.cases, facts.ontology, brought_by=brought_by)
    _say_what_was_left_out(found)
    if not found.cases:
        raise KnowledgeError(
            f"{path}: nothing could be added",
            repair="see the reasons above; each case needs one solved disease, and a publication or --source NAME",
        )
    before, after = _merge(incoming, dry_run=dry_run)
    for line in _addition_lines(incoming, before, after, facts, dry_run=dry_run):
        click.echo(line)


def _merge(incoming: Library, *, dry_run: bool) -> tuple[Library, Library]:
    """The library before and after; written where anything changed and it is no dry run."""
    if dry_run:
        before = stored_library()
        return before, before.merged(incoming)
    with library_lock():
        before = stored_library()
        after = before.merged(incoming)
        if not after.same_content(before):
            replace_library(after)
    return before, after


def _say_what_was_left_out(found: SolvedCases) -> None:
    """Bad files and refused cases, on stderr."""
    for name, message in found.bad[:_SHOWN_FILES]:
        click.echo(f"skipped {name}: {message}", err=True)
    if found.bad[_SHOWN_FILES:]:
        click.echo(f"skipped {len(found.bad) - _SHOWN_FILES:,} more files", err=True)
    reasons = Counter(one.refused.why for one in found.not_counted)
    for why, number in reasons.most_common():
        named = [f"{one.case} in {one.document}" for one in found.not_counted if one.refused.why is why]
        click.echo(
            f"not counted: {_number(number, 'case')}, because {why}: {_some(named)}\n  repair: {why.repair}", err=True
        )
    if found.repeated:
        click.echo(
            f"note: {_number(found.repeated, 'document')} with the same content as another, counted once", err=True
        )


def _addition_lines(
    incoming: Library, before: Library, after: Library, facts: Facts, *, dry_run: bool
) -> Iterable[str]:
    """What came in, what was there already, and what the library now holds."""
    change = before.compared(incoming)
    yield (
        f"read {_number(incoming.case_count, 'solved case')} of {_number(len(incoming.diseases), 'disease')} "
        f"from {_number(len(incoming.sources), 'source')}"
    )
    cited = int(incoming.blocks.n[cited_blocks(incoming, facts)].sum())
    if cited:
        yield (
            f"from publications that the annotations of their disease cite: {_number(cited, 'case')}; counted, though "
            "the annotations may hold these people too"
        )
    if change.known:
        yield f"{_number(len(change.known), 'block')} (one disease in one source) there already, unchanged"
    if change.fuller:
        yield f"{_number(len(change.fuller), 'block')} replaced by a fuller count: {_some(_names(change.fuller))}"
    if change.outweighed:
        yield (
            f"{_number(len(change.outweighed), 'block')} not taken, because the library holds a fuller count of the "
            f"same disease and source: {_some(_names(change.outweighed))}\n"
            "  repair: give all cases of a source at once, or `hoofbeat knowledge remove-source` it first"
        )
    if after.same_content(before):
        yield "nothing changed"
    else:
        written = "would be written" if dry_run else "written"
        yield f"{_sign(after, before)}; {written} to {library_path()}" + (" (--dry-run)" if dry_run else "")
    yield holdings(after)
    if after:
        yield _gene_words(len(after.diseases_with_gene), len(after.diseases), len(after.genes))


def _gene_words(with_gene: int, diseases: int, genes: int) -> str:
    """Of how many diseases the solved cases name the gene."""
    if not with_gene:
        return "no case names the gene that is its cause"
    return f"cases name the gene of {with_gene:,} of {_number(diseases, 'disease')} ({_number(genes, 'gene')})"


def _sign(after: Library, before: Library) -> str:
    cases, blocks = after.case_count - before.case_count, len(after) - len(before)
    return f"{cases:+,} cases, {blocks:+,} blocks"


@click.command("remove-source")
@click.argument("source")
def remove_source_verb(source: str) -> None:
    """Take all cases of a source (PMID:123, or a clinic's name) out of the case library.

    Exact: what remains is what would be there if they had never been added.
    """
    from hoofbeat.cases.solved import source_named

    name = source_named(source)
    with library_lock():
        before = stored_library()
        if name not in before.sources:
            raise KnowledgeError(f"the case library holds nothing from {name}", repair=_sources_meant(name, before))
        after = before.without({name})
        replace_library(after)
    click.echo(f"{name} taken out: {_sign(after, before)}")
    click.echo(holdings(after))


def _sources_meant(name: str, library: Library) -> str:
    from hoofbeat.knowledge.nearest import nearest_names

    if not library:
        return "there is nothing to take out"
    return f"give one of its sources, such as {', '.join(nearest_names(sorted(library.sources), name, limit=_SHOWN))}"


def holdings(library: Library) -> str:
    """One line: what a library holds."""
    counts = library.manifest()["counts"]
    return (
        f"the case library holds {_number(counts['cases'], 'case')} of {_number(counts['diseases'], 'disease')} from "
        f"{_number(counts['publications'], 'publication')} and {_number(counts['clinics'], 'clinic')}"
    )


def library_status(*, verify: bool) -> dict[str, Any] | None:
    """What `status` says of the case library: its manifest, place and size, and how it fits the release in use; None
    where there is none. Raises KnowledgeError when it is damaged.
    """
    path = library_path()
    if not path.exists():
        return None
    library = Library.open(path)
    store = Store(path)
    if verify:
        store.verify()
    status = {"path": str(path), "size": path.stat().st_size, **store.manifest, "release": None}
    status["genes"] = len(library.genes)
    status["diseases_with_gene"] = len(library.diseases_with_gene)
    status["counts_genes"] = counts_genes(store)
    status["clinics"] = sorted(one.removeprefix(CLINIC) for one in library.sources if one.startswith(CLINIC))
    try:
        facts = Facts.open(locate())
    except KnowledgeError:
        return status
    rows = LibraryRows.of(library, facts)
    cited = cited_blocks(library, facts)
    return status | {
        "release": facts.release,
        "diseases_not_in_release": list(rows.unknown_ids),
        "rows_not_in_release": rows.dropped,
        "cases_cited_by_annotations": int(library.blocks.n[cited].sum()),
    }


def library_text(status: dict[str, Any]) -> str:
    """The same for people."""
    counts = status["counts"]
    lines = [
        "case library",
        f"  file      {status['path']} ({status['size'] / 1e6:.1f} MB, checksum {status['content_sha256'][:12]})",
        f"  {_number(counts['cases'], 'case')} from {_number(counts['publications'], 'publication')} and "
        f"{_number(counts['clinics'], 'clinic')}, counted with HPO {', '.join(status['hpo_releases'])}",
    ]
    diseases = f"  {_number(counts['diseases'], 'disease')}, {_number(counts['rows'], 'row')}"
    if status["release"] is not None:
        absent, dropped = status["diseases_not_in_release"], status["rows_not_in_release"]
        if absent:
            diseases += f"; not in release {status['release']}: {_number(len(absent), 'disease')} ({_some(absent)})"
        lines.append(diseases)
        lines.append(
            f"  {_number(status['cases_cited_by_annotations'], 'case')} from publications that the annotations of "
            "their disease cite"
        )
        if dropped:
            lines.append(
                f"  note      {_number(dropped, 'row')} left out: release {status['release']} has no such finding"
            )
    else:
        lines.append(diseases)
    lines.append(f"  {_gene_words(status['diseases_with_gene'], counts['diseases'], status['genes'])}")
    if not status["counts_genes"]:
        lines.append("  note      written before genes were counted: add the cases again to have them counted")
    if status["clinics"]:
        lines.append(f"  clinics   {_some(status['clinics'])}")
    for one in status["inputs"]:
        blocks = _number(one["blocks"], "block")
        lines.append(f"  source    {one['name']}, added {one['added']}: {blocks}; sha256 {one['sha256'][:12]}")
    return "\n".join(lines)


def _names(keys: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{disease} in {source}" for disease, source in keys]


def _some(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
