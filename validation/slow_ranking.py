"""A second, slow and obvious implementation of the ranking: plain dictionaries and loops over annotation rows.

It shares no arithmetic with `hoofbeat.diagnosis`, only the named policy numbers and the learned weights, so that a slip
in the fast one shows as a difference. Tests compare the two; nothing else uses it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from hoofbeat.cases.case import Case
from hoofbeat.cases.solved import band_of_time
from hoofbeat.cases.subject import Sex
from hoofbeat.diagnosis.columns import PICTURE_NORM
from hoofbeat.diagnosis.evidence import NO_SPREAD
from hoofbeat.diagnosis.findings_model import (
    LEAST_LENGTH,
    LENGTH_POWER,
    MISSED,
    MISTAKEN,
    MORE_GENERAL,
    MORE_SPECIAL,
    MOST_EXCLUSION,
    SAME,
    SOFTENING,
)
from hoofbeat.diagnosis.onset_and_sex import MOST_ONSET
from hoofbeat.diagnosis.second_stage import SHARPER, UMBRELLA_MARGIN, WHOLE_LIBRARY, Calibration, Weights
from hoofbeat.knowledge.annotations import Annotation
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.frequencies import MIN_BACKGROUND, PERCENT_CASES, PRIOR_CASES, PRIOR_SHARE, UNSTATED_SHARE
from hoofbeat.knowledge.hpoa import Aspect
from hoofbeat.knowledge.library import Library
from hoofbeat.knowledge.library_evidence import SATURATION, STATED_WEIGHT, UNMENTIONED, UNSTATED_WEIGHT
from hoofbeat.knowledge.onset import BAND_COUNT, band_of_term
from hoofbeat.knowledge.onset_tables import (
    BLUR,
    COURSE_CAP,
    COURSE_WEIGHT,
    FINDING_WEIGHT,
    LIBRARY_WEIGHT,
    MALE_SHARE,
    PRIOR_PEOPLE,
    TOTAL_CAP,
)
from hoofbeat.knowledge.ontology import PHENOTYPIC_ABNORMALITY
from hoofbeat.knowledge.own_parts import LEAST_PART, UNDESCRIBED
from hoofbeat.knowledge.stated_frequency import Band, Counts, Percent

Shares = dict[str, dict[str, float]]  # disease -> term -> share


def pooled_share(rows: Iterable[Annotation]) -> float:
    """The share that all rows of one term in one disease state together; 0 where they only say that it is absent.

    (Σn + m0·π)/(Σm + m0), a percentage counting as so many of PERCENT_CASES; without counts the mean of the bands'
    middles; without any frequency UNSTATED_SHARE.
    """
    n = m = 0.0
    bands = []
    stated = [row.frequency for row in rows if not row.negated]
    if not stated:
        return 0.0
    for frequency in stated:
        if isinstance(frequency, Counts):
            n, m = n + frequency.n, m + frequency.m
        elif isinstance(frequency, Percent):
            n, m = n + PERCENT_CASES * frequency.share, m + PERCENT_CASES
        elif isinstance(frequency, Band):
            bands.append((frequency.low + frequency.high) / 2)
    if m > 0:
        return (n + PRIOR_CASES * PRIOR_SHARE) / (m + PRIOR_CASES) if n > 0 else 0.0
    return sum(bands) / len(bands) if bands else UNSTATED_SHARE


def excluded_ratio(share: float, background: float, asked: bool = False) -> float:
    """ln (1 - λF)/(1 - λb), or of the chances of "no" where it was asked; never beyond MOST_EXCLUSION either way."""

    def left(of: float) -> float:
        return 1 - (MISTAKEN + (1 - MISTAKEN - MISSED) * of) if asked else 1 - SOFTENING * of

    ratio = math.log(left(share) / left(background))
    return max(-MOST_EXCLUSION, min(MOST_EXCLUSION, ratio))


def deviation(values: Iterable[float]) -> float:
    """The standard deviation; infinite where all values are the same."""
    listed = list(values)
    mean = math.fsum(listed) / len(listed)
    found = math.sqrt(math.fsum((value - mean) ** 2 for value in listed) / len(listed))
    return found if found > NO_SPREAD else math.inf


class SlowKnowledge:
    """Facts and a library in dictionaries by identifier; `taken_out` names sources whose annotation rows are left out
    (take them out of the library before).
    """

    def __init__(
        self, facts: Facts, library: Library | None = None, *, taken_out: frozenset[str] = frozenset()
    ) -> None:
        self.facts = facts
        self.library = library if library is not None else Library.empty()
        ontology = facts.ontology
        self.term_ids = [ontology.id(index) for index in range(len(ontology))]
        parents = [[int(parent) for parent in ontology.parents[index]] for index in range(len(ontology))]
        self.parents = {
            self.term_ids[index]: {self.term_ids[parent] for parent in own} for index, own in enumerate(parents)
        }
        self.above = {self.term_ids[index]: self._walk(index, parents) for index in range(len(ontology))}
        self.release_ids = [facts.diseases.id(index) for index in range(len(facts.diseases))]
        self.blocks = [self.library.block(index) for index in range(len(self.library))]
        unknown = sorted({block.disease for block in self.blocks if facts.diseases.find(block.disease) is None})
        self.diseases = self.release_ids + unknown
        self.rows = self._rows(Aspect.FINDING)
        stated = self._carried(self.rows)
        self.background = self._background(stated)
        if taken_out:
            stated = self._carried([row for row in self.rows if taken_out.isdisjoint(row.references)])
        self.common = self._common(self._carried(self.rows))
        self.shares = self._joined(stated)
        self.own = {disease: self._own(shares) for disease, shares in self.shares.items()}
        self.onset, self.mean = self._onsets(taken_out)
        self.male = self._males(taken_out)
        self.reports: dict[str, set[str]] = {disease: set() for disease in self.diseases}
        for row in self.rows:
            told = {one for one in row.references if one.startswith("PMID:")} - taken_out
            self.reports[self.release_ids[row.disease]] |= told
        for block in self.blocks:
            self.reports[self.disease_of(block.disease)].add(block.source)

    def is_finding(self, term: str) -> bool:
        """Whether a term is a phenotypic abnormality."""
        return PHENOTYPIC_ABNORMALITY in self.above.get(term, ())

    def content(self, term: str) -> float:
        """The information content: -ln of the background."""
        return -math.log(self.background.get(term, MIN_BACKGROUND))

    def disease_of(self, identifier: str) -> str:
        """The primary identifier of the disease that an entry is part of; itself where the release has none."""
        found = self.facts.diseases.find(identifier)
        return identifier if found is None else self.release_ids[found]

    def _walk(self, index: int, parents: list[list[int]]) -> frozenset[str]:
        """A term and everything above it."""
        found, waiting = set(), [index]
        while waiting:
            term = waiting.pop()
            if term not in found:
                found.add(term)
                waiting.extend(parents[term])
        return frozenset(self.term_ids[term] for term in found)

    def _rows(self, aspect: Aspect) -> list[Annotation]:
        table = self.facts.annotations.table(aspect)
        return [self.facts.annotations.row(index, self.facts.diseases, aspect) for index in range(len(table))]

    def _carried(self, rows: Iterable[Annotation]) -> Shares:
        """The share of each stated term, carried to everything above it but the root; the largest stays."""
        grouped: dict[tuple[int, int], list[Annotation]] = defaultdict(list)
        for row in rows:
            grouped[row.disease, row.term].append(row)
        shares: Shares = {disease: {} for disease in self.diseases}
        for (disease, term), together in grouped.items():
            share = pooled_share(together)
            own = shares[self.release_ids[disease]]
            for above in self.above[self.term_ids[term]] if self.is_finding(self.term_ids[term]) else ():
                if share > own.get(above, 0.0) and above != PHENOTYPIC_ABNORMALITY and self.is_finding(above):
                    own[above] = share
        return shares

    def _background(self, shares: Shares) -> dict[str, float]:
        """Per term that any disease has, the mean share over all diseases of the release, at least MIN_BACKGROUND."""
        total: dict[str, float] = defaultdict(float)
        for disease in self.release_ids:
            for term, share in shares[disease].items():
                total[term] += share
        return {term: max(value / len(self.release_ids), MIN_BACKGROUND) for term, value in total.items()}

    def _own(self, shares: Mapping[str, float]) -> dict[str, float]:
        """What of each share no child of its term has."""
        largest: dict[str, float] = defaultdict(float)
        for term, share in shares.items():
            for parent in self.parents[term]:
                largest[parent] = max(largest[parent], share)
        own = {term: share - largest.get(term, 0.0) for term, share in shares.items()}
        return {term: part for term, part in own.items() if part >= LEAST_PART}

    def _common(self, shares: Shares) -> dict[str, float]:
        """Each finding's part of all that the release describes; UNDESCRIBED more for each."""
        common = {
            term: UNDESCRIBED for term in self.term_ids if self.is_finding(term) and term != PHENOTYPIC_ABNORMALITY
        }
        for disease in self.release_ids:
            for term, part in self._own(shares[disease]).items():
                common[term] += part
        total = math.fsum(common.values())
        return {term: part / total for term, part in common.items()}

    def translated(self, described: str, given: str) -> float:
        """T: how likely a disease that is described with one term gets another; spread by how common each is within the
        children, the farther descendants, the parents and the farther ancestors.
        """
        if given not in self.common:
            return 0.0
        if described == given:
            return SAME
        if described in self.above[given]:
            alike = described in self.parents[given]
            group = [
                term
                for term in self.common
                if term != described and described in self.above[term] and (described in self.parents[term]) == alike
            ]
            return MORE_SPECIAL * self.common[given] / math.fsum(self.common[term] for term in group)
        if given in self.above[described]:
            alike = given in self.parents[described]
            group = [
                term
                for term in self.above[described]
                if term != described and term in self.common and (term in self.parents[described]) == alike
            ]
            return MORE_GENERAL * self.common[given] / math.fsum(self.common[term] for term in group)
        return 0.0

    def _joined(self, stated: Shares) -> Shares:
        """share = (observed + w·stated)/(assessed' + w) in diseases with solved cases; the others as stated."""
        people: dict[str, float] = defaultdict(float)
        observed: dict[tuple[str, str], float] = defaultdict(float)
        assessed: dict[tuple[str, str], float] = defaultdict(float)
        for block in self.blocks:
            disease = self.disease_of(block.disease)
            weight = min(1.0, SATURATION / block.n)
            people[disease] += weight * block.n
            for one in block.findings:
                term = self.facts.ontology.resolve(one.hpo).id
                if term is not None and term != PHENOTYPIC_ABNORMALITY and self.is_finding(term):
                    observed[disease, term] += weight * one.observed
                    assessed[disease, term] += weight * (one.observed + one.excluded)
        joined = dict(stated)
        for disease, number in people.items():
            own = {}
            for term in {*stated[disease], *(term for owner, term in assessed if owner == disease)}:
                share = stated[disease].get(term, 0.0)
                weight = STATED_WEIGHT if share > 0 else UNSTATED_WEIGHT
                looked = assessed[disease, term]
                looked += UNMENTIONED * max(number - looked, 0.0)
                together = (observed[disease, term] + weight * share) / (looked + weight)
                if together > 0:
                    own[term] = together
            joined[disease] = own
        return joined

    def _onsets(self, taken_out: Set[str]) -> tuple[dict[str, list[float]], list[float]]:
        """The chance of each onset band of the diseases of which something is stated, and of all diseases."""
        weights = {disease: [0.0] * BAND_COUNT for disease in self.diseases}
        for row in self._rows(Aspect.COURSE):
            band = band_of_term(self.term_ids[row.term])
            if band is not None and not row.is_absence and taken_out.isdisjoint(row.references):
                weights[self.release_ids[row.disease]][band] += (
                    min(row.frequency.n, COURSE_CAP) if isinstance(row.frequency, Counts) else COURSE_WEIGHT
                )
        for row in self.rows:
            band = band_of_term(self.term_ids[row.onset]) if row.onset is not None else None
            if band is not None and not row.is_absence and taken_out.isdisjoint(row.references):
                weights[self.release_ids[row.disease]][band] += FINDING_WEIGHT
        for block in self.blocks:
            for place in range(BAND_COUNT):
                weights[self.disease_of(block.disease)][place] += LIBRARY_WEIGHT * block.onset[place]
        capped = {
            disease: [weight * min(1.0, TOTAL_CAP / sum(own)) for weight in own]
            for disease, own in weights.items()
            if sum(own) > 0
        }
        total = math.fsum(sum(own) for own in capped.values())
        mean = [
            math.fsum(own[band] for own in capped.values()) / total if capped else 1.0 / BAND_COUNT
            for band in range(BAND_COUNT)
        ]
        smooth = {}
        for disease, own in capped.items():
            padded = [0.0, *own, 0.0]
            blurred = [
                (1 - 2 * BLUR) * own[band] + BLUR * padded[band] + BLUR * padded[band + 2] for band in range(BAND_COUNT)
            ]
            people = sum(blurred) + PRIOR_PEOPLE
            smooth[disease] = [(blurred[band] + PRIOR_PEOPLE * mean[band]) / people for band in range(BAND_COUNT)]
        return smooth, [max(value, 1e-4) for value in mean]

    def _males(self, taken_out: Set[str]) -> dict[str, float]:
        """The expected share of males, by the first of these inheritances that a disease has; the others have none."""
        inherited: dict[str, set[str]] = defaultdict(set)
        for row in self._rows(Aspect.INHERITANCE):
            if not row.is_absence and taken_out.isdisjoint(row.references):
                inherited[self.release_ids[row.disease]].add(self.term_ids[row.term])
        order = ("HP:0001450", "HP:0001419", "HP:0001423", "HP:0001417")
        shares = {}
        for disease, terms in inherited.items():
            first = next((term for term in order if term in terms), None)
            if first is not None:
                shares[disease] = MALE_SHARE[first]
        return shares


@dataclass(frozen=True)
class SlowDifferential:
    """Scores and probabilities by disease; `none_of_these` is the probability left for no disease."""

    scores: Mapping[str, float]
    probabilities: Mapping[str, float]
    none_of_these: float


def _between(a: Calibration, b: Calibration, share: float) -> Calibration:
    """The calibration at a share of the way from one to another."""

    def at(one: float, other: float) -> float:
        return (1.0 - share) * one + share * other

    return Calibration(
        temperature=(at(a.temperature[0], b.temperature[0]), at(a.temperature[1], b.temperature[1])),
        none=(at(a.none[0], b.none[0]), at(a.none[1], b.none[1])),
        sharp=at(a.sharp, b.sharp),
    )


def slow_rank(case: Case, knowledge: SlowKnowledge, weights: Weights) -> SlowDifferential:
    """The score and probability of every disease.

    score = Σ excluded + a·Σ observed + d·fit/σ(fit) + e·onset + f·sex + g·gene + h·ln reports;
    entries that only group diseases stay behind the best of them.
    """
    observed, excluded, asked = _terms(case, knowledge)
    found = {disease: sum(observed_ratio(q, disease, knowledge) for q in observed) for disease in knowledge.diseases}
    fits = {disease: _fit(observed, disease, knowledge) for disease in knowledge.diseases}
    fit_spread = deviation(fits.values())
    linear = weights.linear
    calibration = _between(weights.alone, weights.with_library, min(1.0, len(knowledge.blocks) / WHOLE_LIBRARY))
    scores = {}
    for disease in knowledge.diseases:
        absent = sum(
            excluded_ratio(
                knowledge.shares[disease].get(term, 0.0), knowledge.background.get(term, MIN_BACKGROUND), term in asked
            )
            for term in excluded
        )
        index = knowledge.facts.diseases.find(disease)
        gene = 1.0 if index is None or len(knowledge.facts.diseases.genes[index]) else 0.0
        scores[disease] = (
            absent
            + linear["found"] * found[disease]
            + linear["fit"] * fits[disease] / fit_spread
            + linear["onset"] * _onset(case, disease, knowledge)
            + linear["sex"] * _sex(case, disease, knowledge)
            + linear["gene"] * gene
            + linear["reported"] * math.log(max(1, len(knowledge.reports[disease])))
        )
    return _with_probabilities(_behind_the_best(scores, knowledge), len(observed), calibration)


def observed_ratio(term: str, disease: str, knowledge: SlowKnowledge) -> float:
    """ln (1 + length^-LENGTH_POWER · Σ over described terms t of w(t)·T(q|t)/p(q))."""
    own = knowledge.own[disease]
    length = max(LEAST_LENGTH, math.fsum(own.values()))
    met = math.fsum(part * knowledge.translated(described, term) for described, part in own.items())
    return math.log(1 + met / knowledge.common[term] / length**LENGTH_POWER) if met else 0.0


def _terms(case: Case, knowledge: SlowKnowledge) -> tuple[list[str], list[str], set[str]]:
    """Observed and excluded terms in use, each once, without what other observed ones and an asked "no" imply; and the
    excluded ones that were asked for.
    """
    resolve = knowledge.facts.ontology.resolve
    present = {resolve(one).id for one in case.observed}
    absent = {resolve(one).id for one in case.excluded}
    observed = {term for term in present if term is not None and knowledge.is_finding(term)}
    implied = {above for term in observed for above in knowledge.above[term] if above != term}
    excluded = {term for term in absent if term is not None and knowledge.is_finding(term)}
    excluded -= observed | implied
    asked = excluded & {resolve(one.id).id for one in case.findings if one.is_excluded and one.asked}
    denied = {term for term in excluded if asked & (set(knowledge.above[term]) - {term})}
    return sorted(observed - implied), sorted(excluded - denied), asked


def _fit(observed: list[str], disease: str, knowledge: SlowKnowledge) -> float:
    """Σ IC²·F over the findings and all above them, over (Σ (IC·F)²)^PICTURE_NORM of the disease's whole picture."""
    shares = knowledge.shares[disease]
    closure = {above for term in observed for above in knowledge.above[term] if above in shares}
    if not closure:
        return 0.0
    whole = sum((knowledge.content(term) * share) ** 2 for term, share in shares.items())
    met = sum(knowledge.content(term) ** 2 * shares[term] for term in closure)
    return float(met / max(whole, 1e-6) ** PICTURE_NORM)


def _onset(case: Case, disease: str, knowledge: SlowKnowledge) -> float:
    """ln P(onset | disease)/P(onset), of the earliest observed finding's; else that it began before the age given."""
    if disease not in knowledge.onset:
        return 0.0
    bands = [band_of_time(finding.onset, case.subject) for finding in case.findings if finding.is_observed]
    known = [int(band) for band in bands if band is not None]
    if known:
        chosen = range(min(known), min(known) + 1)
    else:
        now = band_of_time(case.subject.time_at_last_encounter, case.subject)
        if now is None:
            return 0.0
        chosen = range(int(now) + 1)
    own = sum(knowledge.onset[disease][band] for band in chosen)
    ratio = math.log(max(own, 1e-6) / sum(knowledge.mean[band] for band in chosen))
    return max(-MOST_ONSET, min(MOST_ONSET, ratio))


def _sex(case: Case, disease: str, knowledge: SlowKnowledge) -> float:
    """ln P(sex | disease)/P(sex), both sexes being equally many."""
    male = knowledge.male.get(disease, 0.5)
    share = {Sex.MALE: male, Sex.FEMALE: 1 - male}.get(case.sex)
    return 0.0 if share is None else math.log(2 * share)


def _behind_the_best(scores: Mapping[str, float], knowledge: SlowKnowledge) -> dict[str, float]:
    """The scores, with each ORPHA entry that groups narrower diseases at least UMBRELLA_MARGIN behind their best."""
    lowered = dict(scores)
    for index, disease in enumerate(knowledge.release_ids):
        narrower = [knowledge.release_ids[int(one)] for one in knowledge.facts.diseases.narrower[index]]
        if narrower and disease.startswith("ORPHA:"):
            lowered[disease] = min(scores[disease], max(scores[one] for one in narrower) - UMBRELLA_MARGIN)
    return lowered


def _with_probabilities(scores: dict[str, float], n_findings: int, calibration: Calibration) -> SlowDifferential:
    """Two softmaxes mixed, of h·score and of SHARPER·h·score, h = exp(t0 + t1·ln k), over the diseases and "none of
    these", whose score is n0 + n1·k.
    """
    k = max(n_findings, 1)
    heat = math.exp(calibration.temperature[0] + calibration.temperature[1] * math.log(k))
    none = calibration.none[0] + calibration.none[1] * k
    mild, sharp = _softmax(scores, none, heat), _softmax(scores, none, SHARPER * heat)
    w = calibration.sharp
    chances = {disease: (1 - w) * mild[0][disease] + w * sharp[0][disease] for disease in scores}
    return SlowDifferential(scores, chances, (1 - w) * mild[1] + w * sharp[1])


def _softmax(scores: Mapping[str, float], none: float, heat: float) -> tuple[dict[str, float], float]:
    top = heat * max(none, *scores.values())
    powers = {disease: math.exp(heat * score - top) for disease, score in scores.items()}
    rest = math.exp(heat * none - top)
    total = math.fsum(powers.values()) + rest
    return {disease: power / total for disease, power in powers.items()}, rest / total
