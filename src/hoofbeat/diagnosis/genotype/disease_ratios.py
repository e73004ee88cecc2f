"""What the genotype says of every disease: its genes, each under the best of its modes of inheritance.

A disease without a known gene is neutral, and so is one of which the test could not have shown the gene.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hoofbeat.diagnosis.genotype.evidence import GenotypeEvidence
from hoofbeat.diagnosis.genotype.gene_ratio import clean_log_ratio
from hoofbeat.diagnosis.genotype.models import GeneModel
from hoofbeat.diagnosis.genotype.modes import EVERY, Mode, modes_of
from hoofbeat.knowledge.gene_shares import GeneShares
from hoofbeat.knowledge.knowledge import Knowledge

# Alleles that fit an inheritance which is not stated for the disease count by so much: annotations err and are
# incomplete (ours).
UNSTATED = 0.05

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The model that explains a disease best; whether the annotations state any inheritance for the disease, and this
    one or none; of how many genes its gene is one, how likely it is this one, and whether the release says so or
    solved cases alone.
    """

    model: GeneModel
    is_stated: bool
    is_any_stated: bool
    n_genes: int
    share: float
    in_release: bool


@dataclass(frozen=True, eq=False)
class DiseaseRatios:
    """`log_lr` (diseases,) is what the genotype adds to each score; `best` holds what explains it, where anything does
    better than a gene without an allele.
    """

    evidence: GenotypeEvidence
    log_lr: FloatArray = field(repr=False)
    best: Mapping[int, Explanation] = field(repr=False)


def disease_ratios(evidence: GenotypeEvidence, knowledge: Knowledge) -> DiseaseRatios:
    """The ln ratio of every disease; 0 of one without a known gene.

    One of a disease's genes causes it, and nobody knows which: its ratio is the mean of theirs, each by how likely it
    is the one. So a disease of eighty genes is not found eighty times as easily, because anybody has an allele in some
    of them.
    """
    pairs, modes = knowledge.gene_shares, _modes(knowledge)
    worth = _without_alleles(evidence, pairs, modes)
    n_genes = np.bincount(pairs.disease, minlength=knowledge.n_diseases)
    found: dict[int, tuple[float, Explanation]] = {}
    for gene, models in evidence.models.items():
        for pair in pairs.of_symbol.get(gene, ()):
            disease, share = int(pairs.disease[pair]), float(pairs.share[pair])
            best = _fitting(models, Mode(int(modes[disease])))
            if best is None or best[0] < worth[pair]:
                continue
            log_lr, model, is_stated = best
            worth[pair] = log_lr
            counts = log_lr + math.log(share)
            if disease not in found or counts > found[disease][0]:
                explanation = Explanation(
                    model=model,
                    is_stated=is_stated,
                    is_any_stated=bool(modes[disease] != int(EVERY)),
                    n_genes=int(n_genes[disease]),
                    share=share,
                    in_release=bool(pairs.stated[pair]),
                )
                found[disease] = counts, explanation
    # ln Σ share·ratio as ln(1 + Σ share·(ratio - 1)): what says nothing of any gene then adds exactly nothing.
    beyond = np.bincount(pairs.disease, weights=pairs.share * np.expm1(worth), minlength=knowledge.n_diseases)
    best_of = {disease: explanation for disease, (_, explanation) in found.items()}
    return DiseaseRatios(evidence, np.log1p(beyond), best_of)


def _fitting(models: tuple[GeneModel, ...], stated: Mode) -> tuple[float, GeneModel, bool] | None:
    """The best of a gene's models under the stated modes, or under another where it counts for more even so: what it
    counts, the model, and whether its inheritance is stated.
    """
    best: tuple[float, GeneModel, bool] | None = None
    for model in models:
        is_stated = bool(model.modes & stated)
        log_lr = model.log_lr + (0.0 if is_stated else math.log(UNSTATED))
        if best is None or log_lr > best[0]:
            best = log_lr, model, is_stated
    return best


def _without_alleles(evidence: GenotypeEvidence, pairs: GeneShares, modes: NDArray[np.uint8]) -> FloatArray:
    """Per disease-gene pair what it is worth that the gene has no allele: 0 where it could not have been shown."""
    clean = np.array(
        [
            clean_log_ratio(evidence.background.of(symbol)) if evidence.could_show(symbol) else 0.0
            for symbol in pairs.symbols
        ]
    )
    of_pairs = modes[pairs.disease]
    mitochondrial = ((of_pairs & int(Mode.MITOCHONDRIAL)) > 0) & (of_pairs != int(EVERY))
    return np.where(mitochondrial, 0.0, clean[pairs.gene])


def _modes(knowledge: Knowledge) -> NDArray[np.uint8]:
    """Per disease its modes of inheritance: every one for those that only the library knows."""
    stated = modes_of(knowledge.facts)
    only_library = np.full(knowledge.n_diseases - len(stated), int(EVERY), dtype=np.uint8)
    return np.concatenate([stated, only_library])
