"""What a procedure is expected to tell: all open findings that it can show, together, by drawing patients.

For many findings at once the sum over all answers is too long. Patients are drawn with a fixed seed from the
candidates, each with findings of their disease; the mean of what is left of the doubt is subtracted from the doubt
there is.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hoofbeat.diagnosis.next_step.expectations import Expectations
from hoofbeat.diagnosis.next_step.information import entropy, entropy_of_logs
from hoofbeat.knowledge.burden import Burdens
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.ontology import Ontology

DRAWN = 400  # patients: the standard error is then some .03 bit (ours)
MOST_FINDINGS = 60  # of one procedure that are drawn, the most telling (ours)
LEADING = 300  # candidates that stand alone; all others count as one, which can only lower the information (ours)
GIVES_WAY = 2
LEAST_BITS = 1e-3  # findings that tell less of the candidates are not drawn (ours)
ONE_THREAD = 200_000  # multiplications that OpenBLAS, which numpy comes with, leaves to one thread (4 * 65,536)
_SEED = 20

FloatArray = NDArray[np.float64]
Terms = NDArray[np.int64]


@dataclass(frozen=True)
class Drawn:
    """Bits and their standard error; `terms` are the findings that were drawn, most telling first, and `some` the
    chance that at least one of them is there.
    """

    bits: float
    standard_error: float
    terms: Terms
    some: float


@dataclass(frozen=True, eq=False)
class LeadingCandidates:
    """The leading candidates and, last, all others together as one; `weights` (candidates,) sum to 1."""

    diseases: NDArray[np.int64]
    weights: FloatArray
    expected: FloatArray

    @classmethod
    def of(cls, belief: FloatArray, expected: FloatArray) -> LeadingCandidates:
        """From the probabilities of all diseases and none of these; `expected` is the chance of yes per term."""
        leading = np.argsort(-belief[:-1], kind="stable")[:LEADING]
        weights = np.append(belief[leading], max(1.0 - float(belief[leading].sum()), 0.0))
        return cls(leading, weights, expected)

    def yes(self, terms: Terms, expectations: Expectations) -> FloatArray:
        """The chance of yes (terms, candidates)."""
        known = expectations.yes_of(terms, self.diseases)
        rest = float(self.weights[-1])
        missing = self.expected[terms] - known @ self.weights[:-1]
        others = missing / rest if rest > 1e-9 else self.expected[terms]
        return np.column_stack([known, np.clip(others, 1e-6, 1.0 - 1e-6)])


@dataclass(frozen=True, eq=False)
class ShownTerms:
    """Per action the findings that it can show; `together` holds them one after the other, from `starts` on."""

    actions: tuple[str, ...]
    terms: tuple[Terms, ...]
    together: Terms
    starts: NDArray[np.int64]

    def sums(self, per_term: FloatArray) -> FloatArray:
        """Per action the sum over its findings of what each term has."""
        return np.add.reduceat(per_term[self.together], self.starts) if self.actions else np.zeros(0)


@lru_cache(maxsize=4)
def shown_terms(knowledge: Knowledge, burdens: Burdens, unborn: bool) -> ShownTerms:
    """What actions can show by MAxO and by the burden file, with all below it, less what the burden file says that they
    do not show. Actions that show nothing are left out. Of the unborn MAxO alone speaks.
    """
    ontology, actions = knowledge.ontology, knowledge.facts.actions
    shown: dict[str, Terms] = {}
    for action in dict.fromkeys((*actions.ids, *burdens.rows)):
        row = burdens.rows.get(action)
        terms = actions.shows(action, ontology, unborn=unborn).astype(np.int64)
        if row is not None and not unborn:
            terms = np.union1d(terms, _with_all_below(row.shows, ontology))
            terms = np.setdiff1d(terms, _with_all_below(row.shows_not, ontology))
        if len(terms):
            shown[action] = terms
    every = tuple(shown.values())
    starts = np.cumsum([0, *(len(terms) for terms in every)])[:-1].astype(np.int64)
    together = np.concatenate(every) if every else np.zeros(0, dtype=np.int64)
    return ShownTerms(tuple(shown), every, together, starts)


def _with_all_below(identifiers: tuple[str, ...], ontology: Ontology) -> Terms:
    places = [ontology.resolve(one).index for one in identifiers]
    below = [ontology.descendants[place] for place in places if place is not None]
    return np.unique(np.concatenate(below)).astype(np.int64) if below else np.zeros(0, dtype=np.int64)


def telling(terms: Terms, information: FloatArray, knowledge: Knowledge, limit: int = MOST_FINDINGS) -> Terms:
    """The most telling of some findings, none above or below another: what one implies is not counted twice.

    A group gives way to what is in it where at least GIVES_WAY findings in it tell half as much each.
    """
    ontology = knowledge.ontology
    among = np.zeros(len(ontology))
    among[terms] = information[terms]
    ordered = terms[np.lexsort((terms, -information[terms]))]
    blocked = np.zeros(len(ontology), dtype=np.bool_)
    holds_more = np.diff(ontology.descendants.offsets) > GIVES_WAY
    kept: list[int] = []
    for term in ordered.tolist():
        if information[term] < LEAST_BITS or len(kept) == limit:
            break
        if blocked[term]:
            continue
        if holds_more[term] and int((among[ontology.descendants[term]] >= among[term] / 2).sum()) > GIVES_WAY:
            continue
        kept.append(term)
        blocked[ontology.ancestors[term]] = True
        blocked[ontology.descendants[term]] = True
    return np.array(kept, dtype=np.int64)


def drawn_information(
    action: str,
    terms: Terms,
    candidates: LeadingCandidates,
    expectations: Expectations,
    *,
    number: int = DRAWN,
    most: float = np.inf,
) -> Drawn:
    """The information of observing some findings together; never more than `most`, whatever was drawn."""
    yes = candidates.yes(terms, expectations)
    generator = np.random.default_rng((_SEED, zlib.crc32(action.encode())))
    weights = candidates.weights / candidates.weights.sum()
    patients = generator.choice(len(weights), size=number, p=weights)
    found = generator.random((number, len(terms))) < yes[:, patients].T
    log_yes, log_no = np.log(yes), np.log1p(-yes)
    logs = np.log(np.maximum(weights, 1e-300)) + log_no.sum(axis=0) + _in_parts(found, log_yes - log_no)
    doubts = entropy_of_logs(logs)
    bits = float(entropy(weights)) - float(doubts.mean())
    none = np.exp(log_no.sum(axis=0)) @ weights
    return Drawn(min(max(bits, 0.0), most), float(doubts.std(ddof=1)) / number**0.5, terms, float(1.0 - none))


def _in_parts(found: NDArray[np.bool_], ratios: FloatArray) -> FloatArray:
    """found @ ratios, a few rows at a time: a larger product is shared among threads, and on a machine with other work
    these wait for each other for ten times as long as one of them takes.
    """
    rows = max(ONE_THREAD // ratios.size, 1)
    made = np.empty((len(found), ratios.shape[1]))
    for row in range(0, len(found), rows):
        part = slice(row, row + rows)
        np.matmul(found[part].astype(np.float64), ratios, out=made[part])
    return made
