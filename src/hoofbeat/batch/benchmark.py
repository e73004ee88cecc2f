"""Runs a benchmark over all cases at a path: reads them, decides what each is ranked with, ranks, and scores.

What ranks is handed in, so that another method can be measured in the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hoofbeat.batch.over import Failure, over
from hoofbeat.cases import Case
from hoofbeat.cases.solved import solved_case
from hoofbeat.diagnosis.benchmark.blind_case import BlindCase, Terms, has_findings
from hoofbeat.diagnosis.benchmark.case_score import CaseScore, Placing, placing
from hoofbeat.diagnosis.benchmark.plan import Plan, in_library
from hoofbeat.diagnosis.benchmark.ranker import HeldOut, MakeRanker, Ranker
from hoofbeat.diagnosis.benchmark.truth import Truth, truth_of
from hoofbeat.interchange.archive import counted_and_checked
from hoofbeat.interchange.sources import Document, documents, read_document
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.library import Library
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.knowledge.solved_case import SolvedCase

Progress = Callable[[str, float], None]

_REPORT_EVERY = 20  # items


@dataclass(frozen=True)
class KnownCases:
    """What was read: cases with one diagnosis, each with its truth; in `not_scored` how many others, by reason.

    `solved` is what these cases can teach a library, None where a case cites no publication. `unread` holds documents
    that could not be used, with the first error. `sha256` is over the names and checksums of all documents, in order.
    """

    cases: tuple[BlindCase, ...]
    truths: tuple[Truth, ...]
    solved: tuple[SolvedCase | None, ...]
    not_scored: Counter[str]
    unread: tuple[tuple[str, str], ...]
    documents: int
    sha256: str

    def library(self, facts: Facts) -> Library:
        """All of these cases as a library, to be used without what is tested."""
        return Library.of((one for one in self.solved if one is not None), facts.ontology)


@dataclass(frozen=True, slots=True)
class _Read:
    cases: tuple[tuple[BlindCase, SolvedCase | None], ...]
    error: str = ""


def read_known_cases(
    path: Path, knowledge_file: Path, *, processes: int | None = None, progress: Progress = lambda what, share: None
) -> KnownCases:
    """Read every case at a path. Raises InputError where the path as a whole cannot be used."""
    facts = Facts.open(knowledge_file)
    given = [one for one in documents(path) if one.is_meant]
    cases, truths, solved = [], [], []
    not_scored: Counter[str] = Counter()
    unread = []
    setup = partial(_ontology, knowledge_file)
    told = _share("Reading cases", len(given), progress)
    for document, outcome in over(_read, given, setup=setup, processes=processes, progress=told):
        name = document.called
        if isinstance(outcome, Failure):
            unread.append((name, f"unexpected {outcome.kind}: {outcome.what}"))
            continue
        if outcome.error:
            unread.append((name, outcome.error))
        for case, teaches in outcome.cases:
            truth = truth_of(case.diseases, case.publications, facts)
            if truth is None:
                not_scored["several diagnoses" if case.diseases else "no diagnosis"] += 1
                continue
            cases.append(case)
            truths.append(truth)
            solved.append(teaches)
    return KnownCases(
        tuple(cases), tuple(truths), tuple(solved), not_scored, tuple(unread), *counted_and_checked(given)
    )


def _ontology(knowledge_file: Path) -> Ontology:
    return Facts.open(knowledge_file).ontology


def _read(ontology: Ontology, document: Document) -> _Read:
    imported = read_document(document, ontology=ontology)
    cases = []
    for case in imported.cases:
        teaches = solved_case(case)
        blind = BlindCase.of(case, document.called)
        cases.append((blind, teaches if isinstance(teaches, SolvedCase) else None))
    errors = imported.report.errors
    return _Read(tuple(cases), str(errors[0]) if errors else "")


@dataclass(frozen=True, slots=True)
class _Task:
    number: int
    case: Case
    truth: Truth
    held_out: HeldOut
    arm: int


@dataclass(slots=True)
class _Rankers:
    """The ranking of the arm that was asked for last; cases come in order of arm."""

    make: MakeRanker
    library: Library
    left_out: tuple[frozenset[str], ...]
    arm: int = -1
    ranker: Ranker | None = None

    def of(self, arm: int) -> Ranker:
        if self.ranker is None or self.arm != arm:
            self.ranker = self.make(self.library.without(self.left_out[arm]))
            self.arm = arm
        return self.ranker


def score_cases(
    test: KnownCases,
    plan: Plan,
    facts: Facts,
    make_ranker: Callable[[], MakeRanker],
    *,
    terms: Terms = Terms.OBSERVED,
    processes: int | None = None,
    progress: Progress = lambda what, share: None,
) -> tuple[tuple[CaseScore, ...], tuple[tuple[str, Failure], ...]]:
    """The score of each case, in order, and what failed in ranking (case id, failure; scored as not placed).

    `make_ranker` is called once in each process and must be picklable. A case without any finding that may be seen is
    not placed.
    """
    tasks = [
        _Task(number, case.seen(terms), truth, HeldOut(group, case.publications, truth.key), arm)
        for number, (case, truth, group, arm) in enumerate(
            zip(test.cases, test.truths, plan.groups, plan.arm, strict=True)
        )
    ]
    tasks.sort(key=lambda task: (task.arm, task.number))
    placings = [Placing()] * len(tasks)
    failures = []
    setup = partial(_rankers, make_ranker, plan.library, plan.left_out)
    told = _share("Ranking cases", len(tasks), progress)
    for task, outcome in over(_place, tasks, setup=setup, processes=processes, progress=told):
        if isinstance(outcome, Failure):
            failures.append((task.case.id, outcome))
        else:
            placings[task.number] = outcome
    known = in_library(plan, test.truths, facts)
    return tuple(_scores(test, plan, terms, known, placings)), tuple(failures)


def _rankers(make_ranker: Callable[[], MakeRanker], library: Library, left_out: tuple[frozenset[str], ...]) -> _Rankers:
    return _Rankers(make_ranker(), library, left_out)


def _place(rankers: _Rankers, task: _Task) -> Placing:
    if not has_findings(task.case):
        return Placing()
    ranking = rankers.of(task.arm)(task.case, task.held_out)
    return Placing() if ranking is None else placing(ranking, task.truth)


def _scores(
    test: KnownCases, plan: Plan, terms: Terms, known: Sequence[bool], placings: Sequence[Placing]
) -> Iterator[CaseScore]:
    for number, (blind, truth, place) in enumerate(zip(test.cases, test.truths, placings, strict=True)):
        seen = blind.seen(terms)
        yield CaseScore(
            case=blind.case.id,
            file=blind.file,
            publication=" ".join(blind.publications),
            group=plan.groups[number],
            disease=truth.disease,
            key=truth.key,
            stratum=truth.stratum,
            entry=truth.entry,
            in_library=known[number],
            fold=plan.fold[number],
            n_observed=len(seen.observed),
            n_excluded=len(seen.excluded),
            rank=place.rank,
            related_rank=place.related_rank,
            probability=place.probability,
            first=place.first,
            first_probability=place.first_probability,
            none_of_these=place.none_of_these,
        )


def _share(what: str, total: int, progress: Progress) -> Callable[[int], None]:
    def told(done: int) -> None:
        if done % _REPORT_EVERY == 0 or done == total:
            progress(f"{what}: {done:,} of {total:,}", done / total)

    return told
