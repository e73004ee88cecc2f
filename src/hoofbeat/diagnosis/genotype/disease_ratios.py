"""What the genotype says of every disease: the best of its genes under the best of its modes of inheritance.

A disease without a known gene is neutral, and so is one of which the test could not have shown the gene.
"""

from __future__ import annotations

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

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DiseaseRatios:
    """`log_lr` (diseases,) is what the genotype adds to each score; `best` holds the model that explains it, where any
    does better than a gene without an allele.
    """

    evidence: GenotypeEvidence
    log_lr: FloatArray = field(repr=False)
    best: Mapping[int, GeneModel] = field(repr=False)


def disease_ratios(evidence: GenotypeEvidence, knowledge: Knowledge) -> DiseaseRatios:
    """The ln ratio of every disease. Diseases known only from the case library have no known gene: they are neutral."""
    facts = knowledge.facts
    modes = modes_of(facts)
    log_lr = np.zeros(knowledge.n_diseases)
    log_lr[: len(facts.diseases)] = _without_alleles(evidence, facts)
    best: dict[int, GeneModel] = {}
    for gene, models in evidence.models.items():
        for disease in facts.diseases.of_gene(gene).tolist():
            stated = Mode(int(modes[disease]))
            for model in models:
                if model.modes & stated and _is_better(model, disease, best, log_lr):
                    best[disease], log_lr[disease] = model, model.log_lr
    return DiseaseRatios(evidence, log_lr, best)


def _is_better(model: GeneModel, disease: int, best: Mapping[int, GeneModel], log_lr: FloatArray) -> bool:
    """Whether a model explains a disease better than what stands. Found beats not found where both are worth the same.

    Of several genes, one that the test could not show leaves a disease neutral: only what is better changes that.
    """
    stands = float(log_lr[disease])
    return model.log_lr > stands if disease in best else model.log_lr >= stands


def _without_alleles(evidence: GenotypeEvidence, facts: Facts) -> FloatArray:
    """Per disease what it is worth that none of its genes has an allele: 0 where a gene could not have been shown."""
    symbols = tuple(facts.diseases.gene_symbols)
    shown = np.array([evidence.could_show(symbol) for symbol in symbols], dtype=np.bool_)
    clean = np.array([clean_log_ratio(evidence.background.of(symbol)) for symbol in symbols])
    pairs = _pairs(facts)
    worth = np.where(shown[pairs.gene], clean[pairs.gene], 0.0)
    worth[pairs.is_mitochondrial] = 0.0
    result = np.zeros(len(facts.diseases))
    if len(worth):
        result[pairs.disease_with_gene] = np.maximum.reduceat(worth, pairs.starts)
    return result


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Disease-gene pairs end to end: the gene, and whether the disease is stated to be mitochondrial."""

    gene: NDArray[np.int32]
    is_mitochondrial: NDArray[np.bool_]
    disease_with_gene: NDArray[np.int64]
    starts: NDArray[np.int64]


@lru_cache(maxsize=4)
def _pairs(facts: Facts) -> _Pairs:
    genes = facts.diseases.genes
    lengths = np.diff(genes.offsets)
    with_gene = np.flatnonzero(lengths > 0)
    modes = modes_of(facts)[np.repeat(np.arange(len(lengths)), lengths)]
    return _Pairs(
        gene=genes.values.astype(np.int32),
        is_mitochondrial=((modes & int(Mode.MITOCHONDRIAL)) > 0) & (modes != int(EVERY)),
        disease_with_gene=with_gene,
        starts=np.asarray(genes.offsets[:-1][with_gene], dtype=np.int64),
    )
