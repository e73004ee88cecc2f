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
from hoofbeat.diagnosis.next_step.information import entropy
from hoofbeat.knowledge.burden import Burdens
from hoofbeat.knowledge.knowledge import Knowledge

DRAWN = 400  # patients: the standard error is then some .03 bit (ours)
MOST_FINDINGS = 60  # of one procedure that are drawn, the most telling (ours)
LEADING = 300  # candidates that stand alone; all others count as one, which can only lower the information (ours)
GIVES_WAY = 2
LEAST_BITS = 1e-3  # findings that tell less of the candidates are not drawn (ours)
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
    def of(cls, belief: FloatArray, expectations: Expectations) -> LeadingCandidates:
        """From the probabilities of all diseases and none of these; `expected` is the chance of yes per term."""
        leading = np.argsort(-belief[:-1], kind="stable")[:LEADING]
        weights = np.append(belief[leading], max(1.0 - float(belief[leading].sum()), 0.0))
        return cls(leading, weights, expectations.yes(belief))

    def yes(self, terms: Terms, expectations: Expectations) -> FloatArray:
        """The chance of yes (terms, candidates)."""
        known = expectations.yes_of(terms, self.diseases)
        rest = float(self.weights[-1])
        missing = self.expected[terms] - known @ self.weights[:-1]
        others = missing / rest if rest > 1e-9 else self.expected[terms]
        return np.column_stack([known, np.clip(others, 1e-6, 1.0 - 1e-6)])


def shown_terms(knowledge: Knowledge, burdens: Burdens, *, unborn: bool) -> dict[str, Terms]:
    """Per action the findings that it can show: by MaxO, and by the burden file; with all below them."""
    return dict(_shown_terms(knowledge, burdens, unborn))


@lru_cache(maxsize=4)
def _shown_terms(knowledge: Knowledge, burdens: Burdens, unborn: bool) -> tuple[tuple[str, Terms], ...]:
    ontology, actions = knowledge.ontology, knowledge.facts.actions
    shown = {}
    for action in dict.fromkeys((*actions.ids, *burdens.rows)):
        row = burdens.rows.get(action)
        own = () if row is None or unborn else (ontology.resolve(one).index for one in row.shows)
        parts = [ontology.descendants[index] for index in own if index is not None]
        terms = np.unique(np.concatenate([actions.shows(action, ontology, unborn=unborn), *parts])).astype(np.int64)
        if len(terms):
            shown[action] = terms
    return tuple(shown.items())


def telling(terms: Terms, information: FloatArray, knowledge: Knowledge, limit: int = MOST_FINDINGS) -> Terms:
    """The most telling of some findings, none above or below another: what one implies is not counted twice.

    A group gives way to what is in it where at least GIVES_WAY findings in it tell half as much each.
    """
    ontology = knowledge.ontology
    among = np.zeros(len(ontology))
    among[terms] = information[terms]
    ordered = terms[np.lexsort((terms, -information[terms]))]
    blocked = np.zeros(len(ontology), dtype=np.bool_)
    kept: list[int] = []
    for term in ordered.tolist():
        if information[term] < LEAST_BITS or len(kept) == limit:
            break
        if blocked[term] or int((among[ontology.descendants[term]] >= among[term] / 2).sum()) > GIVES_WAY:
            continue
        kept.append(term)
        blocked[ontology.ancestors[term]] = True
        blocked[ontology.descendants[term]] = True
    return np.array(kept, dtype=np.int64)


def drawn_information(
    action: str, terms: Terms, candidates: LeadingCandidates, expectations: Expectations, *, number: int = DRAWN
) -> Drawn:
    """The information of observing some findings together."""
    yes = candidates.yes(terms, expectations)
    generator = np.random.default_rng((_SEED, zlib.crc32(action.encode())))
    weights = candidates.weights / candidates.weights.sum()
    patients = generator.choice(len(weights), size=number, p=weights)
    found = generator.random((number, len(terms))) < yes[:, patients].T
    log_yes, log_no = np.log(yes), np.log1p(-yes)
    logs = np.log(np.maximum(weights, 1e-300)) + found @ (log_yes - log_no) + log_no.sum(axis=0)
    left = np.exp(logs - logs.max(axis=1, keepdims=True))
    doubts = entropy(left / left.sum(axis=1, keepdims=True))
    bits = float(entropy(weights)) - float(doubts.mean())
    none = np.exp(log_no.sum(axis=0)) @ weights
    return Drawn(max(bits, 0.0), float(doubts.std(ddof=1)) / number**0.5, terms, float(1.0 - none))
