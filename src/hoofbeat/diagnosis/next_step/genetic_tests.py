"""Genetic tests: which candidates each of them can confirm, by gene and by the kind of variant that the test detects.

A test that is positive names a gene; a negative one lowers the candidates that it would have shown, and no others: an
exome says nothing of a repeat expansion, a methylation defect or the mitochondrial genome.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hoofbeat.diagnosis.next_step.information import entropy
from hoofbeat.diagnosis.repeat_expansions import REPEAT_DISEASES, REPEAT_GENES
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.knowledge import Knowledge

FloatArray = NDArray[np.float64]

PANEL_GENES = 50  # a panel holds the genes of the leading candidates, so many at most (ours)


class VariantClass(StrEnum):
    """What kind of variant mostly causes a disease, as far as a test must be chosen by it."""

    SEQUENCE = "sequence"
    COPY_NUMBER = "copy number"
    REPEAT = "repeat expansion"
    METHYLATION = "methylation"
    MITOCHONDRIAL = "mitochondrial genome"


@dataclass(frozen=True)
class GeneticTest:
    """A test: how often it finds the cause where it is of a class (ours, estimates), and in how many of 100 children
    with a suspected genetic disease it found one (PMC6037748; None: not stated there).
    """

    id: str
    detects: Mapping[VariantClass, float]
    found_in_100: int | None = None
    panel: bool = False


TESTS = (
    GeneticTest("MAXO:0001612", {VariantClass.COPY_NUMBER: 0.95}, found_in_100=10),
    GeneticTest("MAXO:0001615", {VariantClass.SEQUENCE: 0.9, VariantClass.COPY_NUMBER: 0.3}, panel=True),
    GeneticTest("MAXO:0009004", {VariantClass.SEQUENCE: 0.85, VariantClass.COPY_NUMBER: 0.5}, found_in_100=36),
    GeneticTest("MAXO:0009006", {VariantClass.SEQUENCE: 0.92, VariantClass.COPY_NUMBER: 0.9}, found_in_100=41),
    GeneticTest("own:repeat-expansion-test", {VariantClass.REPEAT: 0.97}),
    GeneticTest("MAXO:0001616", {VariantClass.METHYLATION: 0.9}),
    GeneticTest("own:mitochondrial-genome", {VariantClass.MITOCHONDRIAL: 0.85}),
)

# Diseases of imprinting (general knowledge; a short list of ours).
METHYLATION_DISEASES = (
    "OMIM:105830",
    "OMIM:130650",
    "OMIM:176270",
    "OMIM:180860",
    "OMIM:601410",
    "OMIM:603233",
    "OMIM:616222",
)
MITOCHONDRIAL_INHERITANCE = "HP:0001427"
_COPY_NUMBER = re.compile(r"(micro)?(deletion|duplication)|monosomy|trisomy|tetrasomy", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class GeneticCauses:
    """Per disease (as `Knowledge` numbers them) the place of its class in `VariantClass` (-1: no gene and no class is
    known), and of what a positive test names in `names`: its gene, else the disease itself, such as a deletion.
    """

    classes: NDArray[np.int64]
    named: NDArray[np.int64]
    names: tuple[str, ...]

    @classmethod
    def of(cls, facts: Facts) -> GeneticCauses:
        """What a release says of genes, names and inheritance."""
        diseases = facts.diseases
        symbols = list(diseases.gene_symbols)
        genes = tuple(tuple(symbols[g] for g in diseases.genes[d].tolist()) for d in range(len(diseases)))
        mitochondrial = facts.ontology.resolve(MITOCHONDRIAL_INHERITANCE).index
        imprinted = {diseases.find(one) for one in METHYLATION_DISEASES}
        expanded = {diseases.find(one) for one in REPEAT_DISEASES}
        classes, named = [], []
        kinds = list(VariantClass)
        names: dict[str, int] = {}
        for disease, own in enumerate(genes):
            inherited = mitochondrial is not None and mitochondrial in diseases.inheritance[disease].tolist()
            name = diseases.name(disease)
            kind = _class_of(
                diseases.id(disease), name, own, inherited, imprinted=disease in imprinted, expanded=disease in expanded
            )
            classes.append(-1 if kind is None else kinds.index(kind))
            named.append(names.setdefault(own[0] if own else name, len(names)))
        return cls(np.array(classes), np.array(named), tuple(names))

    def with_library(self, knowledge: Knowledge) -> GeneticCauses:
        """The same with the diseases that only the case library knows: by the genes that solved cases blame, and of
        several by the one that is most likely.
        """
        shares, kinds = knowledge.gene_shares, list(VariantClass)
        names = {name: place for place, name in enumerate(self.names)}
        classes, named = self.classes.tolist(), self.named.tolist()
        for disease in range(len(classes), knowledge.n_diseases):
            identifier = knowledge.disease_id(disease)
            pairs = sorted(shares.pairs_of(disease), key=lambda pair: -shares.share[pair])
            genes = tuple(shares.symbols[shares.gene[pair]] for pair in pairs)
            kind = _class_of(identifier, identifier, genes, False, imprinted=False, expanded=False)
            classes.append(-1 if kind is None else kinds.index(kind))
            named.append(names.setdefault(genes[0] if genes else identifier, len(names)))
        return GeneticCauses(np.array(classes), np.array(named), tuple(names))


def _class_of(
    identifier: str,
    name: str,
    genes: tuple[str, ...],
    inherited_by_mitochondria: bool,
    *,
    imprinted: bool,
    expanded: bool,
) -> VariantClass | None:
    if imprinted:
        return VariantClass.METHYLATION
    if any(gene.startswith("MT-") for gene in genes) or inherited_by_mitochondria:
        return VariantClass.MITOCHONDRIAL
    if expanded or (len(genes) == 1 and genes[0].upper() in REPEAT_GENES):
        return VariantClass.REPEAT
    if identifier.startswith("DECIPHER:") or _COPY_NUMBER.search(name):
        return VariantClass.COPY_NUMBER
    return VariantClass.SEQUENCE if genes else None


@lru_cache(maxsize=4)
def causes_of(knowledge: Knowledge) -> GeneticCauses:
    """The causes of all diseases; of the last few that were used."""
    return _causes_of_release(knowledge.facts).with_library(knowledge)


@lru_cache(maxsize=4)
def _causes_of_release(facts: Facts) -> GeneticCauses:
    return GeneticCauses.of(facts)


@dataclass(frozen=True)
class ExpectedResult:
    """What a test is expected to tell. `positive` is the chance that it finds a cause, `shown` per disease and none of
    these the chance that it shows it; `likeliest` is the gene or region that it names most likely, with the chance, and
    `of_likeliest` (diseases,) whose it is.
    """

    bits: float
    positive: float
    shown: FloatArray
    likeliest: tuple[str, float]
    of_likeliest: NDArray[np.bool_]

    def after_negative(self, belief: FloatArray) -> FloatArray:
        """The probabilities after a negative test."""
        left = belief * (1.0 - self.shown)
        return np.asarray(left / left.sum())

    def after_positive(self, belief: FloatArray) -> FloatArray:
        """The probabilities after a cause was found in the likeliest gene or region."""
        left = belief * self.shown * np.append(self.of_likeliest, False)
        return np.asarray(left / left.sum())


def expected_result(test: GeneticTest, belief: FloatArray, knowledge: Knowledge) -> ExpectedResult:
    """The information of a test, exactly: H(p) less the mean doubt after each result (one per gene, and negative).

    A disease of several genes counts by its first. Of "none of these" a test finds the cause as often as it does in
    children at large, where that is known, and it then names a gene that is none of the candidates'.
    """
    causes = causes_of(knowledge)
    rates = np.array([*(test.detects.get(kind, 0.0) for kind in VariantClass), 0.0])  # the last one for class -1
    shown = np.append(rates[causes.classes], (test.found_in_100 or 0) / 100)
    if test.panel:
        shown[:-1] *= _on_panel(causes, belief[:-1] * shown[:-1])
    found = (belief * shown)[:-1]
    chance = np.bincount(causes.named, weights=found, minlength=len(causes.names)).astype(np.float64)
    negative = belief * (1.0 - shown)
    left = _doubt_of(negative) + _doubt_of(found) - _doubt_of(chance)
    first = int(np.argmax(chance))
    return ExpectedResult(
        bits=max(float(entropy(belief)) - left, 0.0),
        positive=float((belief * shown).sum()),
        shown=shown,
        likeliest=(causes.names[first], float(chance[first])),
        of_likeliest=causes.named == first,
    )


def _on_panel(causes: GeneticCauses, found: FloatArray) -> NDArray[np.bool_]:
    """Per disease, whether its gene is among the PANEL_GENES that would be found most likely."""
    chance = np.bincount(causes.named, weights=found, minlength=len(causes.names))
    chosen = np.zeros(len(causes.names), dtype=np.bool_)
    chosen[np.argsort(-chance, kind="stable")[:PANEL_GENES]] = True
    return chosen[causes.named]


def _doubt_of(weights: FloatArray) -> float:
    """Σ w · H(w / Σ w) = Σ w log2 Σ w - Σ w log2 w: the doubt left in a part of all probability, times that part.

    Of several parts the Σ w log2 Σ w of each is the second term over the parts, so that differences of this give the
    sum over the parts.
    """
    total = float(weights.sum())
    inner = float((weights * np.log2(np.maximum(weights, 1e-300))).sum())
    return (total * np.log2(total) if total > 0 else 0.0) - inner
