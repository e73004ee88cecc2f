"""Speed of reading free text: one note, ten thousand of them, and the command as a whole.

python -m validation.bench_text FOLDER
"""

from __future__ import annotations

import time
from pathlib import Path

import click

from hoofbeat.batch import Failure, available_cores, over
from hoofbeat.cli.opened_knowledge import located_release
from hoofbeat.interchange.archive import Document
from hoofbeat.interchange.text.find import find_terms
from hoofbeat.interchange.text.reader import read_text
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.lexicon import Lexicon
from hoofbeat.knowledge.releases import knowledge_folder
from validation.labelled_sentences import DEVELOPMENT, HELD_BACK, labelled_sentences
from validation.measures import BIN, Measure, seconds_of

NOTES = 10_000
NOTE_CHARACTERS = 2_000
LONG_CHARACTERS = 10_000
_REPEATS = 15


def text_measures(knowledge_file: Path, folder: Path, home: Path) -> list[Measure]:
    """All figures of reading text."""
    ontology = Facts.open(knowledge_file).ontology
    started = time.perf_counter()
    lexicon = Lexicon.of(ontology)
    made = time.perf_counter() - started
    story = " ".join(one.text for path in (DEVELOPMENT, HELD_BACK) for one in labelled_sentences(path, ontology))
    long = (story * 2)[:LONG_CHARACTERS]
    took = []
    for _ in range(_REPEATS):
        started = time.perf_counter()
        find_terms(long, lexicon)
        took.append(time.perf_counter() - started)
    notes = [_note(story, number) for number in range(NOTES)]
    started = time.perf_counter()
    done = over(_read, notes, setup=_Lexicon(knowledge_file), chunk=32)
    failed = sum(isinstance(one, Failure) for _, one in done)
    many = time.perf_counter() - started
    assert not failed, f"{failed} notes could not be read"
    one_note = folder / "note.txt"
    one_note.write_text(notes[0], encoding="utf-8")
    whole = seconds_of([str(BIN / "hoofbeat"), "read", str(one_note)], repeats=5, home=home)
    return [
        Measure("lexicon of free text made", made, "s"),
        Measure("findings of a note of 10,000 characters, warm: median", sorted(took)[_REPEATS // 2] * 1000, "ms", 50),
        Measure(f"10,000 notes of 2,000 characters read, {available_cores()} processes", many, "s", 120),
        Measure("`hoofbeat read note.txt`, whole process", whole, "s", 1.5),
    ]


def _note(story: str, number: int) -> str:
    """A piece of the story that begins elsewhere for each note."""
    at = number * 37 % (len(story) - NOTE_CHARACTERS)
    return story[at : at + NOTE_CHARACTERS]


class _Lexicon:
    """Makes the lexicon in each process."""

    def __init__(self, knowledge_file: Path) -> None:
        self.knowledge_file = knowledge_file

    def __call__(self) -> Lexicon:
        return Lexicon.of(Facts.open(self.knowledge_file).ontology)


def _read(lexicon: Lexicon, note: str) -> int:
    return len(read_text(Document("note", note.encode()), lexicon).mentions)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def main(folder: Path) -> None:
    """Measure reading text alone; FOLDER is for a note to read."""
    for one in text_measures(located_release(), folder, knowledge_folder().parent):
        click.echo(one.line())


if __name__ == "__main__":
    main()
