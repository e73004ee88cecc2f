"""The cases that measurements are made with: published ones where they are at hand, else made up from annotations."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from hoofbeat.cases import Case
from hoofbeat.interchange.sources import read_cases
from hoofbeat.knowledge.facts import Facts
from validation.results_folder import ROOT

SHARED_DATA_VARIABLE = "HOOFBEAT_SHARED_DATA"
_SEED = 118
_FINDINGS = 7  # the median of published cases (diagnosis specification, section 2)


def shared_folder() -> Path:
    """Where real data lie beside a developer's checkout, if they do (CONTRIBUTING.md)."""
    return Path(os.environ.get(SHARED_DATA_VARIABLE) or ROOT.parent / "shared" / "data")


def shared_cases() -> Path | None:
    """The published cases beside the checkout, or None."""
    path = shared_folder() / "phenopackets" / "phenopackets-dev.zip"
    return path if path.is_file() else None


def published_cases(path: Path, facts: Facts, number: int) -> list[Case]:
    """About `number` cases evenly out of all at a path, those without an observed finding left out."""
    cases = [case for document in read_cases(path, ontology=facts.ontology) for case in document.cases if case.observed]
    return cases[:: max(1, len(cases) // number)][:number]


def made_up_cases(facts: Facts, number: int) -> list[Case]:
    """Nobody's cases: each has findings of one disease, drawn by chance, and one of no relation to it."""
    generator = np.random.default_rng(_SEED)
    table, phenotypes = facts.annotations.findings, np.flatnonzero(facts.ontology.is_phenotype)
    described = np.flatnonzero(np.diff(table.starts) >= _FINDINGS)
    cases = []
    for count, disease in enumerate(generator.choice(described, size=number)):
        rows = table.rows(int(disease))
        terms = {int(table.term[row]) for row in generator.choice(np.array(rows), size=_FINDINGS - 1, replace=False)}
        terms.add(int(generator.choice(phenotypes)))
        cases.append(Case.of([facts.ontology.id(term) for term in sorted(terms)], id=f"made-up-{count}"))
    return cases
