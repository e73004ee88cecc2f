"""Which library each test case is ranked with: never one that holds a case of its own publication.

Cases with the same library form an arm, so that the knowledge for it is made once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from hoofbeat.diagnosis.benchmark.blind_case import BlindCase, fold, publication_groups
from hoofbeat.diagnosis.benchmark.truth import Truth, disease_key
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.library import Library

Sources = frozenset[str]


@dataclass(frozen=True)
class Plan:
    """Per case its group (see `publication_groups`), arm, and fold (None without split); per arm the sources that are
    taken out of `library`. `library` is empty where none is used.
    """

    library: Library
    groups: tuple[str, ...]
    arm: tuple[int, ...]
    fold: tuple[int | None, ...]
    left_out: tuple[Sources, ...]

    @property
    def cases_left_out_for(self) -> int:
        """For how many cases something was taken out of the library."""
        return sum(1 for arm in self.arm if self.left_out[arm] & self.library.sources)


def plan_without_library(cases: Sequence[BlindCase]) -> Plan:
    """Every case with public knowledge alone."""
    return Plan(Library.empty(), publication_groups(cases), (0,) * len(cases), (None,) * len(cases), (frozenset(),))


def plan_with_library(cases: Sequence[BlindCase], library: Library, library_cases: Sequence[BlindCase]) -> Plan:
    """Every case with the library without its own publications, and without cases that share one with it under another.

    `library` was made of `library_cases`, and holds each under its first publication only.
    """
    together = [*cases, *library_cases]
    groups = publication_groups(together)
    sources: dict[str, set[str]] = defaultdict(set)
    for group, case in zip(groups, together, strict=True):
        sources[group].update(case.publications)
    left_out = [frozenset(sources[group]) & library.sources for group in groups[: len(cases)]]
    arms = {sources: number for number, sources in enumerate(dict.fromkeys(left_out))}
    return Plan(
        library, publication_groups(cases), tuple(arms[one] for one in left_out), (None,) * len(cases), tuple(arms)
    )


def plan_split(cases: Sequence[BlindCase], library: Library, folds: int) -> Plan:
    """Every case with a library of the cases in the other folds; `library` is of all cases. An arm is a fold."""
    groups = publication_groups(cases)
    fold_of = tuple(fold(group, folds) for group in groups)
    sources: list[set[str]] = [set() for _ in range(folds)]
    for case, number in zip(cases, fold_of, strict=True):
        sources[number].update(case.publications)
    return Plan(library, groups, fold_of, fold_of, tuple(frozenset(one) for one in sources))


def in_library(plan: Plan, truths: Sequence[Truth], facts: Facts) -> tuple[bool, ...]:
    """Per case, whether the library of its arm has a case of the true disease, under whatever id of it."""
    known_from: dict[str, set[str]] = defaultdict(set)
    for disease, source in plan.library.blocks.keys:
        known_from[disease_key(disease, facts)].add(source)
    return tuple(
        bool(known_from[truth.key] - plan.left_out[arm]) if truth.key in known_from else False
        for truth, arm in zip(truths, plan.arm, strict=True)
    )
