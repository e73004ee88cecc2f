"""Why a variant is in the result, or is not: each filter with its value, threshold and verdict."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hoofbeat.cases.called_variant import CalledVariant
from hoofbeat.diagnosis.differential import FilterStep, FilterTrace
from hoofbeat.diagnosis.genotype.evidence import GenotypeEvidence
from hoofbeat.diagnosis.genotype.filters import (
    MOST_FREQUENT_DOMINANT,
    MOST_FREQUENT_X,
    UNKNOWN,
    dropped_by,
    frequency_step,
    genes_damaged,
    steps,
)
from hoofbeat.diagnosis.ratio_words import times
from hoofbeat.interchange.vcf.screen import CARRIED, FREQUENCY, Asked, asked

MOST_TRACED = 200  # variants of one gene that are traced (ours)
_NOT_THERE = (
    "nothing of it was kept: either the file has no such variant of the person, or it was dropped while the file was "
    "read; read the file again with it asked for (--why-filtered), and nothing is left out"
)
_NOT_IN_FILE = "the file has no such line; whether the place was sequenced at all, a file of variants does not say"


def why_filtered(
    variant: CalledVariant | Asked | str, evidence: GenotypeEvidence, *, was_asked: bool = False
) -> tuple[FilterTrace, ...]:
    """What became of a variant, or of all that a place, an HGVS name or a gene's symbol means.

    `was_asked` says that the file was read with it asked for, so that what is not there is not in the file. Raises
    InputError for a text that names no variant.
    """
    if isinstance(variant, CalledVariant):
        return (_trace(variant, evidence),)
    wanted = asked(variant) if isinstance(variant, str) else variant
    known = dict.fromkeys((*evidence.tested.asked, *evidence.tested.variants))
    found = [one for one in known if wanted.means(one)]
    if not found:
        return (FilterTrace(wanted.text, (), _NOT_IN_FILE if was_asked else _NOT_THERE),)
    return tuple(_trace(one, evidence) for one in found[:MOST_TRACED])


def _trace(variant: CalledVariant, evidence: GenotypeEvidence) -> FilterTrace:
    taken = [_told(step, variant, evidence) for step in steps(variant)]
    name = " ".join(dict.fromkeys(part for part in (variant.position, variant.name()) if part))
    reason = dropped_by(variant)
    if reason is not None:
        missing = " (the person does not carry it, or was not called there)" if reason == CARRIED else ""
        return FilterTrace(name, tuple(taken), f"dropped by the filter {reason}{missing}")
    taken.append(_at_most("frequency if dominant", variant, MOST_FREQUENT_DOMINANT, evidence))
    if variant.chrom == "X":
        taken.append(_at_most("frequency if hemizygous", variant, MOST_FREQUENT_X, evidence))
    counted = []
    for gene in genes_damaged(variant):
        fitting = [one for one in evidence.models.get(gene.upper(), ()) if variant in one.variants]
        fitting.sort(key=lambda one: -one.log_lr)
        models = ", ".join(f"{one.model.value} ({times(one.log_lr)})" for one in fitting)
        taken.append(FilterStep(f"inheritance in {gene}", models or "none", "fits a model", bool(fitting)))
        counted += [gene] if fitting else []
    verdict = f"counts in {', '.join(counted)}" if counted else "passed the filters, but fits no inheritance"
    return FilterTrace(name, tuple(taken), verdict)


def _at_most(name: str, variant: CalledVariant, threshold: Decimal, evidence: GenotypeEvidence) -> FilterStep:
    return _told(frequency_step(variant, threshold, name), variant, evidence)


def _told(step: FilterStep, variant: CalledVariant, evidence: GenotypeEvidence) -> FilterStep:
    """A step as the evidence counts it: where the file states other frequencies, a missing one is not unknown."""
    is_missing = step.filter.startswith(FREQUENCY) and step.value == UNKNOWN
    return replace(step, value=evidence.missing_frequency(variant)) if is_missing else step
