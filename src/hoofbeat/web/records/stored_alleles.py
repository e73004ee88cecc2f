"""Alleles and counts of a genetic test as plain values for JSON, and back: what is ranked with is read from here, not
from the file.

Nothing is rounded, so that a ranking from what is stored is the ranking from the file. NUL, which PostgreSQL cannot
keep, is the one sign that is left away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple
from decimal import Decimal
from typing import Any

from hoofbeat.cases.called_variant import Build, Call, CalledVariant, ClinVar, Effect
from hoofbeat.cases.reported import AcmgClassification
from hoofbeat.cases.sample_variants import PairCounts, SampleVariants, SiteCounts, TrioCounts

_NUL = "\x00"
_TEXTS = ("chrom", "ref", "alt", "sv_type", "frequency_source", "label")
_NUMBERS = ("pos", "end", "line")


def allele_out(variant: CalledVariant) -> dict[str, Any]:
    """An allele for JSON."""
    return {
        **{name: getattr(variant, name).replace(_NUL, "") for name in _TEXTS},
        **{name: getattr(variant, name) for name in _NUMBERS},
        "filters": [one.replace(_NUL, "") for one in variant.filters],
        "frequency": None if variant.frequency is None else str(variant.frequency),
        "clinvar": variant.clinvar.value if variant.clinvar else None,
        "acmg": variant.acmg.value,
        "scores": [[name, score] for name, score in variant.scores],
        "effects": [_effect_out(one) for one in variant.effects],
        "calls": [list(astuple(call)) for call in variant.calls],
    }


def _effect_out(effect: Effect) -> dict[str, Any]:
    texts = {name: getattr(effect, name).replace(_NUL, "") for name in ("gene", "hgvs_c", "hgvs_p", "transcript")}
    return {**texts, "consequences": [one.replace(_NUL, "") for one in effect.consequences]}


def allele_in(stored: Mapping[str, Any]) -> CalledVariant:
    """The allele that `allele_out` made this of."""
    given = {name: stored[name] for name in (*_TEXTS, *_NUMBERS)}
    return CalledVariant(
        **given,
        filters=tuple(stored["filters"]),
        frequency=None if stored["frequency"] is None else Decimal(stored["frequency"]),
        clinvar=ClinVar(stored["clinvar"]) if stored["clinvar"] else None,
        acmg=AcmgClassification(stored["acmg"]),
        scores=tuple((name, score) for name, score in stored["scores"]),
        effects=tuple(Effect(**{**one, "consequences": tuple(one["consequences"])}) for one in stored["effects"]),
        calls=tuple(Call(*call) for call in stored["calls"]),
    )


def counts_out(tested: SampleVariants) -> dict[str, Any]:
    """All that a reading found but the alleles, for JSON."""
    return {
        "build": tested.build.value if tested.build else "",
        "samples": list(tested.samples),
        "records": tested.records,
        "alleles": tested.alleles,
        "dropped": dict(tested.dropped),
        "pairs": [list(astuple(one)) for one in tested.sites.pairs],
        "trios": [list(astuple(one)) for one in tested.sites.trios],
        "x": [list(one) for one in tested.sites.x],
        "notes": [list(one) for one in tested.notes],
    }


def reading_in(counts: Mapping[str, Any], variants: Iterable[CalledVariant]) -> SampleVariants:
    """The reading, from its counts and its alleles."""
    return SampleVariants(
        build=Build(counts["build"]) if counts["build"] else None,
        samples=tuple(counts["samples"]),
        variants=tuple(variants),
        records=counts["records"],
        alleles=counts["alleles"],
        dropped=counts["dropped"],
        sites=SiteCounts(
            pairs=tuple(PairCounts(*one) for one in counts["pairs"]),
            trios=tuple(TrioCounts(*one) for one in counts["trios"]),
            x=tuple((one[0], one[1]) for one in counts["x"]),
        ),
        notes=tuple((one[0], one[1]) for one in counts["notes"]),
    )
