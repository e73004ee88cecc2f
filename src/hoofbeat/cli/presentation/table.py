"""The differential for a terminal: who comes first, how sure, and why, within any width."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from hoofbeat.cli.presentation import wording
from hoofbeat.diagnosis.differential import Candidate, ComparedRow, Contribution, Excerpt, Note
from hoofbeat.diagnosis.genotype.shown import CONTRADICTED
from hoofbeat.diagnosis.ratio_words import NEUTRAL, times
from hoofbeat.diagnosis.share_words import percent
from hoofbeat.interchange.report import shown

MIN_WIDTH, MAX_WIDTH = 40, 120
EXPLAINED = 3  # candidates whose reasons are shown
REASONS = 5  # rows per explained candidate
COMPARED = 10  # rows of a comparison
_LISTED = 6  # names in a list before "and n more"
_LONGEST = 200  # characters of a name; more is no name
_GENES = 4
_NOTES = 10
_VARIANTS = 4

_EIGHTHS = " ▏▎▍▌▋▊▉█"


@dataclass(frozen=True, slots=True)
class Ink:
    """Whether the text may hold colours and block characters."""

    colours: bool = False
    blocks: bool = True

    def bold(self, text: str) -> str:
        """What the eye should find first."""
        return f"\x1b[1m{text}\x1b[0m" if self.colours and text else text

    def faint(self, text: str) -> str:
        """What is there to look up."""
        return f"\x1b[2m{text}\x1b[0m" if self.colours and text else text

    def side(self, text: str, log_lr: float) -> str:
        """Blue for the disease, yellow against it; the text says it too."""
        if not self.colours or abs(log_lr) < NEUTRAL:
            return text
        return f"\x1b[{34 if log_lr > 0 else 33}m{text}\x1b[0m"


PLAIN = Ink()


def differential_table(excerpt: Excerpt, *, made: date, width: int = 80, ink: Ink = PLAIN) -> str:
    """The differential as lines of at most `width` characters (40 to 120), ending with a newline."""
    page = _Page(excerpt, max(MIN_WIDTH, min(width, MAX_WIDTH)), ink)
    parts = [
        page.head(),
        page.contradictions(),
        page.list(),
        page.reasons(),
        page.comparison(),
        page.genotype(),
        page.notes(),
        page.foot(made),
    ]
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part))) + "\n"


@dataclass(frozen=True, slots=True)
class _Page:
    excerpt: Excerpt
    width: int
    ink: Ink

    def head(self) -> Iterator[str]:
        excerpt = self.excerpt
        yield self.ink.bold(cut(_clean(excerpt.case), self.width))
        counts = f"{wording.counted(len(excerpt.observed), 'finding')} observed"
        if excerpt.excluded:
            counts += f", {len(excerpt.excluded)} excluded"
        yield from self._wrapped(f"{counts}; {wording.counted(excerpt.n_diseases, 'disease')} compared")

    def contradictions(self) -> Iterator[str]:
        """What makes the whole doubtful stands before the candidates."""
        for note in self.excerpt.notes:
            if note.what.startswith(CONTRADICTED):
                yield from self._wrapped(f"Clear this first: {_note_text(note)}")

    def list(self) -> Iterator[str]:
        """One line per candidate, and "none of these" at its place among them."""
        excerpt = self.excerpt
        none_listed = False
        for candidate in excerpt.candidates:
            if not none_listed and excerpt.none_of_these > candidate.probability:
                yield self._line("", "none of these", excerpt.none_of_these, "")
                none_listed = True
            genes = wording.listed([_clean(gene) for gene in candidate.genes], _GENES)
            yield self._line(str(candidate.rank), _clean(candidate.disease.name), candidate.probability, genes)
        if not none_listed:
            yield self._line("", "none of these", excerpt.none_of_these, "")
        number, share = wording.others(excerpt)
        if number:
            yield self._line("", wording.counted(number, "other disease"), share, "")

    def _line(self, rank: str, name: str, share: float, genes: str) -> str:
        wide = self.width >= 72
        bar_cells = 16 if wide else 8
        gene_cells = min(24, self.width // 5) if wide else 0
        name_cells = self.width - 4 - 1 - bar_cells - 1 - 7 - (gene_cells + 2 if gene_cells else 0)
        label = padded(cut(name, name_cells), name_cells)
        line = f"{rank:>3} {self.ink.bold(label) if rank == '1' else label} "
        line += f"{self.ink.side(self._bar(share, bar_cells), 1.0)} {percent(share):>7}"
        if gene_cells and genes:
            line += "  " + self.ink.faint(cut(genes, gene_cells))
        return line.rstrip()

    def _bar(self, share: float, cells: int) -> str:
        share = min(max(share, 0.0), 1.0)
        if not self.ink.blocks:
            return padded("#" * round(share * cells), cells)
        eighths = round(share * cells * 8)
        if share > 0.0:
            eighths = max(1, eighths)  # what is possible is seen
        full, part = divmod(eighths, 8)
        return padded("█" * full + (_EIGHTHS[part] if part else ""), cells)

    def reasons(self) -> Iterator[str]:
        """Why the first candidates stand where they do: their strongest rows, and what is still open."""
        for candidate in self.excerpt.candidates[:EXPLAINED]:
            if candidate.rank > 1:
                yield ""
            yield from self._reason(candidate)

    def _reason(self, candidate: Candidate) -> Iterator[str]:
        name = _clean(candidate.disease.name)
        yield self.ink.bold(cut(f"Why {candidate.rank}: {name}", self.width))
        ids = f"{_clean(wording.entry_ids(candidate))}; score {wording.signed(candidate.score)}"
        yield from self._wrapped(ids, indent="  ", faint=True)
        for one in wording.strongest(candidate.contributions, REASONS):
            yield from self._row(one)
        rest = len(candidate.contributions) - len(wording.strongest(candidate.contributions, REASONS))
        if rest:
            more = f"{wording.counted(rest, 'weaker row')} (--format json has all)"
            yield from self._wrapped(more, indent=" " * 9, faint=True)
        yield from self._variants(candidate)
        unexplained = [_clean(name) for name in wording.names_of(candidate.unexplained, self.excerpt)]
        if unexplained:
            yield from self._wrapped(f"Not explained by it: {wording.listed(unexplained, _LISTED)}", indent="  ")
        expected = [f"{_clean(one.label)} ({percent(one.share)})" for one in candidate.expected]
        if expected:
            yield from self._wrapped(f"Often in it, not looked for yet: {wording.listed(expected, 4)}", indent="  ")

    def _variants(self, candidate: Candidate) -> Iterator[str]:
        for one in candidate.variants[:_VARIANTS]:
            said = f"{one.gene}: {one.zygosity} {_clean(one.name)}, {one.consequence}, frequency {one.frequency}"
            yield from self._wrapped(f"Variant in {_clean(said, limit=400)}", indent="  ", after="    ")
            told = "; ".join((one.rule, wording.class_words(one), one.source))
            yield from self._wrapped(_clean(told, limit=400), indent="    ", faint=True)
        more = len(candidate.variants) - _VARIANTS
        if more > 0:
            yield f"  and {wording.counted(more, 'variant')} more (--format json has all)"

    def genotype(self) -> Iterator[str]:
        """What the test brought, and what became of the variants that were asked about."""
        summary = self.excerpt.genotype
        if summary is None:
            return
        yield self.ink.bold("Variants")
        yield from self._wrapped(_clean(wording.genotype_counts(summary), limit=600), indent="  ")
        for trace in summary.asked:
            yield from self._wrapped(_clean(f"{trace.variant}: {trace.verdict}", limit=600), indent="  ", after="    ")
            for step in trace.steps:
                verdict = "passed" if step.passed else "DROPPED"
                text = f"{verdict}: {step.filter}: {step.value} (asked: {step.threshold})"
                yield from self._wrapped(_clean(text, limit=400), indent="    ", after="      ")

    def _row(self, one: Contribution) -> Iterator[str]:
        worth = self.ink.side(f"{times(one.log_lr):>7}", one.log_lr)
        label = _clean(one.label)
        if one.state == "excluded":
            label = f"not {label}"
        known = [_clean(text, limit=600) for text in wording.explanation(one)]
        if one.sources:
            known.append(wording.listed([_clean(source) for source in one.sources], 2))
        yield from self._beside(worth, "; ".join([label, *known]))

    def comparison(self) -> Iterator[str]:
        """Why one of two diseases stands before the other: the rows that tell them apart, and what would change it."""
        comparison = self.excerpt.comparison
        if comparison is None:
            return
        names = [_clean(one.disease.name) for one in (comparison.a, comparison.b)]
        yield self.ink.bold(cut(f"Compared: {names[0]} and {names[1]}", self.width))
        yield from self._wrapped(_clean(wording.lead(comparison), limit=600), indent="  ")
        yield from self._wrapped(f"× speaks for {names[0]}, ÷ for {names[1]}", indent="  ", faint=True)
        telling = [row for row in comparison.rows if abs(row.difference) >= NEUTRAL]
        for row in telling[:COMPARED]:
            yield from self._compared(row)
        rest = len(comparison.rows) - len(telling[:COMPARED])
        if rest:
            more = f"{wording.counted(rest, 'weaker row')} (--format json has all)"
            yield from self._wrapped(more, indent=" " * 9, faint=True)
        yield from self._wrapped(_clean(wording.change(comparison), limit=600), indent="  ")

    def _compared(self, row: ComparedRow) -> Iterator[str]:
        worth = self.ink.side(f"{times(row.difference):>7}", row.difference)
        yield from self._beside(worth, _clean(row.sentence, limit=600))

    def _beside(self, worth: str, text: str) -> Iterator[str]:
        """A text beside how much it weighs (7 cells)."""
        first, *others = textwrap.wrap(text, self.width - 9, break_on_hyphens=False) or [""]
        yield f"{worth}  {first}"
        for line in others:
            yield f"{'':9}{line}"

    def notes(self) -> Iterator[str]:
        """What else the reader should know of the input."""
        notes = [note for note in self.excerpt.notes if not note.what.startswith(CONTRADICTED)]
        if notes:
            yield self.ink.bold("Notes on the input")
        for note in notes[:_NOTES]:
            yield from self._wrapped(_note_text(note), indent="  - ", after="    ")
        more = len(notes) - _NOTES
        if more > 0:
            yield f"  - and {more} more (--format json has all)"

    def foot(self, made: date) -> Iterator[str]:
        """Where it comes from, and what it is not."""
        facts = ", ".join(f"{name} {text}" for name, text in wording.release_facts(self.excerpt.release))
        yield from self._wrapped(_clean(f"Made {made.isoformat()} with {facts}", limit=600), faint=True)
        yield from (self.ink.bold(line) for line in textwrap.wrap(wording.NOT_A_DIAGNOSIS, self.width))

    def _wrapped(self, text: str, *, indent: str = "", after: str | None = None, faint: bool = False) -> Iterator[str]:
        rest = indent if after is None else after
        for line in textwrap.wrap(
            text, self.width, initial_indent=indent, subsequent_indent=rest, break_on_hyphens=False
        ):
            yield self.ink.faint(line) if faint else line


def _clean(text: str, *, limit: int = _LONGEST) -> str:
    """A text from outside as a terminal may have it: no control or direction characters."""
    return shown(text, limit=limit)


def _cells(text: str) -> int:
    """How many cells of a terminal a text takes: wide characters two, combining ones none."""
    return sum(_character_cells(character) for character in text)


def _character_cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cut(text: str, cells: int) -> str:
    """A text of at most so many cells of a terminal."""
    if _cells(text) <= cells:
        return text
    kept: Sequence[str] = text
    while kept and _cells("".join(kept)) > cells - 1:
        kept = kept[:-1]
    return "".join(kept).rstrip() + "…"


def padded(text: str, cells: int) -> str:
    """A text with blanks behind it, so many cells wide."""
    return text + " " * (cells - _cells(text))


def _note_text(note: Note) -> str:
    return _clean(note.what, limit=400) + (f" ({_clean(note.repair, limit=400)})" if note.repair else "")
