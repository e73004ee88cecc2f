"""What the genotype says of every disease: its genes, each under the best of its modes of inheritance.

A disease without a known gene is neutral, and so is one of which the test could not have shown the gene.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hoofbeat.diagnosis.genotype.evidence import GenotypeEvidence
from hoofbeat.diagnosis.genotype.gene_ratio import clean_log_ratio
from hoofbeat.diagnosis.genotype.models import GeneModel
from hoofbeat.diagnosis.genotype.modes import EVERY, Mode, modes_of
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.knowledge import Knowledge

# Alleles that fit an inheritance which is not stated for the disease count by so much: annotations err and are
# incomplete (ours).
UNSTATED = 0.05

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The model that explains a disease best, and whether the annotations state its inheritance for the disease."""

    model: GeneModel
    is_stated: bool
    n_genes: int


@dataclass(frozen=True, eq=False)
class DiseaseRatios:
    """`log_lr` (diseases,) is what the genotype adds to each score; `best` holds what explains it, where anything does
    better than a gene without an allele.
    """

    evidence: GenotypeEvidence
    log_lr: FloatArray = field(repr=False)
    best: Mapping[int, Explanation] = field(repr=False)


def disease_ratios(evidence: GenotypeEvidence, knowledge: Knowledge) -> DiseaseRatios:
    """The ln ratio of every disease. Diseases known only from the case library have no known gene: they are neutral.

    One of a disease's genes causes it, and nobody knows which: its ratio is the mean of theirs. So a disease of eighty
    genes is not found eighty times as easily, because anybody has an allele in some of them.
    """
    facts = knowledge.facts
    pairs, modes = _pairs(facts), modes_of(facts)
    worth = _without_alleles(evidence, facts)
    found: dict[int, tuple[float, Explanation]] = {}
    for gene, models in evidence.models.items():
        for place in pairs.of_gene.get(gene, ()):
            disease = int(pairs.disease[place])
            log_lr, explanation = _fitting(models, Mode(int(modes[disease])), int(pairs.n_genes[disease]))
            if explanation is None or log_lr < worth[place]:
                continue
            worth[place] = log_lr
            if disease not in found or log_lr > found[disease][0]:
                found[disease] = log_lr, explanation
    ratios = np.zeros(knowledge.n_diseases)
    if len(worth):
        with_gene = np.flatnonzero(pairs.n_genes)
        total = np.add.reduceat(np.exp(worth), pairs.starts)
        ratios[with_gene] = np.log(total / pairs.n_genes[with_gene])
    return DiseaseRatios(evidence, ratios, {disease: explanation for disease, (_, explanation) in found.items()})


def _fitting(models: tuple[GeneModel, ...], stated: Mode, n_genes: int) -> tuple[float, Explanation | None]:
    """The best of a gene's models under the stated modes, or under another where it counts for more even so."""
    best: tuple[float, Explanation | None] = (-math.inf, None)
    for model in models:
        is_stated = bool(model.modes & stated)
        log_lr = model.log_lr + (0.0 if is_stated else math.log(UNSTATED))
        if log_lr > best[0]:
            best = log_lr, Explanation(model, is_stated, n_genes)
    return best


def _without_alleles(evidence: GenotypeEvidence, facts: Facts) -> FloatArray:
    """Per disease-gene pair what it is worth that the gene has no allele: 0 where it could not have been shown."""
    symbols = tuple(facts.diseases.gene_symbols)
    shown = np.array([evidence.could_show(symbol) for symbol in symbols], dtype=np.bool_)
    clean = np.array([clean_log_ratio(evidence.background.of(symbol)) for symbol in symbols])
    pairs = _pairs(facts)
    worth = np.where(shown[pairs.gene], clean[pairs.gene], 0.0)
    worth[pairs.is_mitochondrial] = 0.0
    return worth


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Disease-gene pairs end to end: the disease, the gene, and whether the disease is stated to be mitochondrial; how
    many genes each disease has, where the pairs of those with any begin, and the pairs of each gene.
    """

    disease: NDArray[np.int64]
    gene: NDArray[np.int32]
    is_mitochondrial: NDArray[np.bool_]
    n_genes: NDArray[np.int64]
    starts: NDArray[np.int64]
    of_gene: Mapping[str, tuple[int, ...]]


@lru_cache(maxsize=4)
def _pairs(facts: Facts) -> _Pairs:
    genes = facts.diseases.genes
    lengths = np.diff(genes.offsets).astype(np.int64)
    disease = np.repeat(np.arange(len(lengths)), lengths)
    modes = modes_of(facts)[disease]
    symbols = [symbol.upper() for symbol in facts.diseases.gene_symbols]
    of_gene: dict[str, list[int]] = {}
    for place, gene in enumerate(genes.values.tolist()):
        of_gene.setdefault(symbols[gene], []).append(place)
    return _Pairs(
        disease=disease,
        gene=genes.values.astype(np.int32),
        is_mitochondrial=((modes & int(Mode.MITOCHONDRIAL)) > 0) & (modes != int(EVERY)),
        n_genes=lengths,
        starts=np.asarray(genes.offsets[:-1][lengths > 0], dtype=np.int64),
        of_gene={symbol: tuple(places) for symbol, places in of_gene.items()},
    )
