"""Genetic tests: which candidates each of them can confirm, by gene and by the kind of variant that the test detects.

A test that is positive names a gene; a negative one lowers the candidates that it would have shown, and no others: an
exome says nothing of a repeat expansion, a methylation defect or the mitochondrial genome.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hoofbeat.diagnosis.next_step.information import entropy
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
    """A test: how often it finds the cause where it is of a class (ours, estimates), and in how many of 100 children with
    a suspected genetic disease it found one (PMC6037748; None: not stated there).
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

# Genes whose disease is mostly a repeat expansion, and diseases of imprinting (general knowledge; a short list of ours).
REPEAT_GENES = frozenset(
    "AFF2 AR ATN1 ATXN1 ATXN2 ATXN3 ATXN7 ATXN8OS ATXN10 BEAN1 C9orf72 CACNA1A CNBP CSTB DMPK FMR1 FXN HTT JPH3 NOP56 "
    "PABPN1 PPP2R2B RFC1 TBP".split()
)
METHYLATION_DISEASES = ("OMIM:105830", "OMIM:130650", "OMIM:176270", "OMIM:180860", "OMIM:601410", "OMIM:603233", "OMIM:616222")
MITOCHONDRIAL_INHERITANCE = "HP:0001427"
_COPY_NUMBER = re.compile(r"(micro)?(deletion|duplication)|monosomy|trisomy|tetrasomy", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class GeneticCauses:
    """Per disease the class of variant (None: no gene and no class is known), and its gene symbols."""

    classes: tuple[VariantClass | None, ...]
    genes: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, facts: Facts) -> GeneticCauses:
        """What a release says of genes, names and inheritance."""
        diseases = facts.diseases
        symbols = list(diseases.gene_symbols)
        genes = tuple(tuple(symbols[g] for g in diseases.genes[d].tolist()) for d in range(len(diseases)))
        mitochondrial = facts.ontology.resolve(MITOCHONDRIAL_INHERITANCE).index
        imprinted = {diseases.find(one) for one in METHYLATION_DISEASES}
        classes = []
        for disease, own in enumerate(genes):
            inherited = mitochondrial is not None and mitochondrial in diseases.inheritance[disease].tolist()
            classes.append(_class_of(diseases.id(disease), diseases.name(disease), own, inherited, disease in imprinted))
        return cls(tuple(classes), genes)


def _class_of(
    identifier: str, name: str, genes: tuple[str, ...], inherited_by_mitochondria: bool, imprinted: bool
) -> VariantClass | None:
    if imprinted:
        return VariantClass.METHYLATION
    if any(gene.startswith("MT-") for gene in genes) or inherited_by_mitochondria:
        return VariantClass.MITOCHONDRIAL
    if REPEAT_GENES.intersection(genes) and len(genes) == 1:
        return VariantClass.REPEAT
    if identifier.startswith("DECIPHER:") or _COPY_NUMBER.search(name):
        return VariantClass.COPY_NUMBER
    return VariantClass.SEQUENCE if genes else None


@lru_cache(maxsize=4)
def causes_of(facts: Facts) -> GeneticCauses:
    """The causes of the diseases of a release; of the last few that were used."""
    return GeneticCauses.of(facts)


@dataclass(frozen=True)
class ExpectedResult:
    """What a test is expected to tell. `positive` is the chance that it finds a cause, `shown` per disease and none of
    these the chance that it shows it, `by_gene` the chance per gene or region, likeliest first.
    """

    bits: float
    positive: float
    shown: FloatArray
    by_gene: tuple[tuple[str, float], ...]
    diseases_of: Mapping[str, tuple[int, ...]]

    def after_negative(self, belief: FloatArray) -> FloatArray:
        """The probabilities after a negative test."""
        left = belief * (1.0 - self.shown)
        return np.asarray(left / left.sum())

    def after_positive(self, belief: FloatArray, gene: str) -> FloatArray:
        """The probabilities after a cause was found in a gene or region."""
        left = np.zeros_like(belief)
        places = list(self.diseases_of[gene])
        left[places] = belief[places] * self.shown[places]
        return np.asarray(left / left.sum())


def expected_result(test: GeneticTest, belief: FloatArray, knowledge: Knowledge) -> ExpectedResult:
    """The information of a test, exactly: H(p) less the mean doubt after each result (one per gene, and negative).

    A disease of several genes counts by its first; one that only the case library knows has no known gene. Of "none of
    these" a test finds the cause as often as it does in children at large, where that is known, and it then names a
    gene that is none of the candidates'.
    """
    causes = causes_of(knowledge.facts)
    order = np.argsort(-belief[:-1], kind="stable").tolist()
    shown = np.zeros(len(belief))
    groups: dict[str, list[int]] = defaultdict(list)
    for disease in order:
        kind = causes.classes[disease] if disease < len(causes.classes) else None
        detected = 0.0 if kind is None else test.detects.get(kind, 0.0)
        genes = causes.genes[disease] if kind is not None else ()
        key = genes[0] if genes else knowledge.disease_name(disease)
        if detected == 0.0 or (test.panel and key not in groups and len(groups) == PANEL_GENES):
            continue
        shown[disease] = detected
        groups[key].append(disease)
    shown[-1] = (test.found_in_100 or 0) / 100
    negative = belief * (1.0 - shown)
    chance_of = {key: float((belief[places] * shown[places]).sum()) for key, places in groups.items()}
    left = float(negative.sum()) * float(entropy(negative / negative.sum()))
    for key, places in groups.items():
        if chance_of[key] > 0 and len(places) > 1:
            found = belief[places] * shown[places]
            left += chance_of[key] * float(entropy(found / found.sum()))
    by_gene = tuple(sorted(chance_of.items(), key=lambda item: (-item[1], item[0])))
    return ExpectedResult(
        bits=max(float(entropy(belief)) - left, 0.0),
        positive=float((belief * shown).sum()),
        shown=shown,
        by_gene=by_gene,
        diseases_of={key: tuple(places) for key, places in groups.items()},
    )
