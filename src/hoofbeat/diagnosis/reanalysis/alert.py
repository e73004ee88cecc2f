"""Which changes a clinic should be told of. Few: who is told too often stops reading."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hoofbeat.cases.reported import BENIGN_CLASSES
from hoofbeat.diagnosis.reanalysis.outcome import HeldVariant, Outcome
from hoofbeat.diagnosis.share_words import whole_percent

# Diagnosis specification, section 8: a disease newly among the first three, and more likely than not.
ALERT_FIRST = 3
ALERT_CHANCE = 0.5
_ID_LENGTH = 12


class AlertKind(StrEnum):
    """What an alert is about."""

    NEWLY_LIKELY = "newly likely"
    GENE_LINK = "new gene link"
    VARIANT_CLASS = "variant class changed"


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to be told, once. `id` is the same in every run that finds the same thing in the same case."""

    kind: AlertKind
    case: str
    disease: str
    what: str
    gene: str = ""
    variant: str = ""

    @property
    def id(self) -> str:
        """A short name for acknowledging it."""
        said = "\0".join((self.kind, self.case, self.disease, self.gene, self.variant, self._state))
        return hashlib.sha256(said.encode()).hexdigest()[:_ID_LENGTH]

    @property
    def _state(self) -> str:
        # A class that changes twice is two alerts.
        return self.what if self.kind is AlertKind.VARIANT_CLASS else ""


def alerts(
    before: Outcome,
    after: Outcome,
    new_links: Mapping[str, Collection[tuple[str, str]]],
    *,
    earlier: tuple[HeldVariant, ...],
) -> list[Alert]:
    """What to tell of one case. `new_links` gives per gene symbol the (identifier, name) of diseases that it was not
    linked to before; `earlier` the variants as the case held them at the last run.
    """
    return [*_newly_likely(before, after), *_gene_links(after, new_links), *_classes(earlier, after)]


def _newly_likely(before: Outcome, after: Outcome) -> Iterator[Alert]:
    for now in after.standings:
        then = before.standing(now.disease)
        was = then is not None and then.rank <= ALERT_FIRST and then.probability >= ALERT_CHANCE
        if now.rank <= ALERT_FIRST and now.probability >= ALERT_CHANCE and not was:
            chance = "was not among the first" if then is None else f"was {whole_percent(then.probability)}"
            what = f"{now.name} is now {whole_percent(now.probability)}; it {chance}"
            yield Alert(AlertKind.NEWLY_LIKELY, after.case, now.disease, what)


def _gene_links(after: Outcome, new_links: Mapping[str, Collection[tuple[str, str]]]) -> Iterator[Alert]:
    told: set[tuple[str, str]] = set()
    for variant in after.variants:
        if variant.acmg in BENIGN_CLASSES:
            continue
        for identifier, name in sorted(new_links.get(variant.gene, ())):
            if (variant.gene, identifier) not in told:
                told.add((variant.gene, identifier))
                what = f"{variant.gene} is now linked to {name}, and a variant in it is known of this person"
                yield Alert(AlertKind.GENE_LINK, after.case, identifier, what, gene=variant.gene)


def _classes(earlier: tuple[HeldVariant, ...], after: Outcome) -> Iterator[Alert]:
    classes = {one.name: one.acmg for one in earlier}
    for variant in after.variants:
        was = classes.get(variant.name, variant.acmg)
        if was != variant.acmg:
            what = f"{variant.name} was {_said(was)}, and is {_said(variant.acmg)}"
            yield Alert(AlertKind.VARIANT_CLASS, after.case, "", what, gene=variant.gene, variant=variant.name)


def _said(acmg: str) -> str:
    return acmg.replace("_", " ").lower() or "not classified"
