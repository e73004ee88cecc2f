"""`hoofbeat demo`: a real published case ranked before your eyes, the published diagnosis named beside it, and what to
type next.

Public annotations do not quote these publications for the disease, and what the case library may have learnt from them
is taken out: the ranking has not seen the answer.
"""

from __future__ import annotations

import shlex
import shutil
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hoofbeat.cases import Case
from hoofbeat.cli.example_cases import ExampleCase, read_example
from hoofbeat.cli.fictional_files import write_fictional_files
from hoofbeat.cli.output import whole_file
from hoofbeat.diagnosis.share_words import percent
from hoofbeat.interchange.report import InputError
from hoofbeat.knowledge import releases

if TYPE_CHECKING:
    from hoofbeat.diagnosis.rank import Differential
    from hoofbeat.knowledge.knowledge import Knowledge

SHOWN = "aarskog-scott"
ALSO = "loeys-dietz-2"
TOP = 10


@click.command("demo")
@click.option("--out", metavar="FILE", help="Where to write the page; default: in Hoofbeat's own folder.")
@click.option("--examples", metavar="DIR", help="Write files to try the commands with into this folder, and end there.")
@click.option("--no-serve", is_flag=True, help="Rank only, and leave the clinic away.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The clinic's port.")
def demo_verb(out: str | None, examples: str | None, no_serve: bool, port: int) -> None:
    """Rank a published case, show where its diagnosis comes, and say what to try next.

    Then fill a clinic with fictional patients, where there is none yet, and serve it until Ctrl-C. Builds the knowledge
    first where none has been built.
    """
    from hoofbeat.cli.opened_knowledge import opened_knowledge
    from hoofbeat.cli.rank import shown_as

    if examples is not None:
        _write_examples(Path(examples))
        return
    knowledge = opened_knowledge()
    example = read_example(SHOWN, ontology=knowledge.ontology)
    differential, took = _ranked(example, knowledge)
    excerpt = differential.excerpt(top=TOP)
    click.echo(f"A published case ({example.publication}): {example.about}.\n")
    click.echo(shown_as("table", to_terminal=sys.stdout.isatty())(excerpt))
    click.echo(f"Published diagnosis: {_verdict(example, differential)}. It took {1000 * took:.0f} ms.\n")
    also = read_example(ALSO, ontology=knowledge.ontology)
    click.echo(f"Another published case ({also.publication}): {also.about}.")
    click.echo(f"Published diagnosis: {_verdict(also, _ranked(also, knowledge)[0])}.\n")
    page = _write_page(example, differential, out)
    click.echo(f"The first case as a page to print or hand on: {_path(page)}\n")
    click.echo(_next_steps(also))
    if not no_serve:
        sys.stdout.flush()
        _serve_clinic(port)


def _write_examples(folder: Path) -> None:
    written = write_fictional_files(folder)
    click.echo("Fictional files to try the commands with; nobody in them is real:")
    click.echo("\n".join(f"  {_path(path)}" for path in written))


def _serve_clinic(port: int) -> None:
    """Fill the demonstration clinic on its first start, and serve it on this machine alone."""
    from hoofbeat.cli.progress import progress_bar
    from hoofbeat.web.running.serve import Server, collect_static_files
    from hoofbeat.web.running.start import migrate, start

    click.echo("\nThe clinic of the demonstration: everybody in it is fictional.")
    start(demo=True)
    migrate()
    from hoofbeat.web.demo.fill import fill, is_filled, refuse_real_people
    from hoofbeat.web.demo.people import PASSWORD, PATIENTS, STAFF

    refuse_real_people()
    if not is_filled():
        with progress_bar() as progress:
            fill(progress)
    collect_static_files()
    people = [(one.role, one.name, one.email) for one in STAFF]
    people += [
        ("patient" if one.patient else "parent", one.name, one.email) for each in PATIENTS for one in each.people
    ]
    wide = max(len(name) for _, name, _ in people)
    lines = [f"  {role:<14} {name:<{wide}} {email}" for role, name, email in people]

    def ready() -> None:
        click.echo(f"Open http://127.0.0.1:{port}/ and choose who you would like to be (Ctrl-C ends it). The people:")
        click.echo("\n".join(lines))
        click.echo(f"Their password is: {PASSWORD} (staff need a second step too, which that page stands for)")

    Server("127.0.0.1", port, workers=2).run(ready)


def _ranked(example: ExampleCase, knowledge: Knowledge) -> tuple[Differential, float]:
    """The differential without what its own publication taught, and the seconds it took."""
    from hoofbeat.diagnosis.rank import rank

    blind = knowledge.without({example.publication})
    begun = time.perf_counter()
    return rank(example.case, blind), time.perf_counter() - begun


def _verdict(example: ExampleCase, differential: Differential) -> str:
    """The published diagnosis and where it was ranked, whatever that is."""
    named = f"{example.disease_name} ({example.disease})"
    candidate = differential.explained(example.disease)
    if candidate is None:
        return f"{named}, not among the diseases of this release"
    place = f"{_ordinal(candidate.rank)} of {len(differential.scores):,}"
    verdict = f"{named}, ranked {place}, {percent(candidate.probability)}"
    (first,) = differential.top(1)
    if candidate.rank > 1:
        verdict += f"; first stands {first.disease.name}, {percent(first.probability)}"
    return verdict


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def _write_page(example: ExampleCase, differential: Differential, out: str | None) -> Path:
    from hoofbeat.cli.presentation.html_page import differential_page

    path = releases.home() / "demo" / f"{example.path.stem}.html" if out is None else Path(out)
    if out is None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise InputError(
                f"{path.parent}: cannot be made: {error.strerror}", code="no-output", repair="name a file with --out"
            ) from None
    origin = f"Published case {example.publication}. Published diagnosis: {_verdict(example, differential)}."
    text = differential_page(
        differential.excerpt(top=TOP), made=date.today(), title=f"Example {example.path.stem}", publication=origin
    )
    with whole_file(path) as stream:
        stream.write(text)
    return path


def _next_steps(also: ExampleCase) -> str:
    """Commands that work as they stand, in this folder."""
    program = _program()
    return "\n".join(
        (
            "Next, type findings yourself (their numbers are at https://hpo.jax.org):",
            f"  {program} rank {_typed(also.case)}",
            "A case from a file, as a page:",
            f"  {program} rank {_path(also.path)} --format html --out page.html",
            "Solved cases make the next ranking better. To add your own, and to see what is known:",
            f"  {program} knowledge add-cases --help",
            f"  {program} knowledge status",
            "How good it is, on cases whose diagnosis is known:",
            f"  {program} benchmark --help",
        )
    )


def _typed(case: Case) -> str:
    """A case as options of `hoofbeat rank`."""
    options = [f"--hpo {','.join(case.observed)}"]
    if case.excluded:
        options.append(f"--not {','.join(case.excluded)}")
    options.append(f"--sex {case.sex}")
    if case.age_years is not None:
        years, months = divmod(round(12 * case.age_years), 12)
        options.append(f"--age {years}y" + (f"{months}m" if months else ""))
    return " ".join(options)


def _program() -> str:
    """What to type for this program from the folder one is in."""
    called = Path(sys.argv[0])
    found = shutil.which("hoofbeat")
    if called.name != "hoofbeat":
        return "hoofbeat"
    if found is not None and Path(found).resolve() == called.resolve():
        return "hoofbeat"
    return shlex.quote(_path(called))


def _path(path: Path) -> str:
    """A path as short as it can be said from the folder one is in."""
    try:
        return shlex.quote(str(path.absolute().relative_to(Path.cwd())))
    except ValueError:
        return shlex.quote(str(path))
