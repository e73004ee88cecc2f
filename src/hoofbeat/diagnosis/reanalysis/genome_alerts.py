"""Which alerts the variants of a whole genome may raise. Anybody has rare variants in hundreds of genes, so that the
rules for the few variants of a report would tell a clinic of something every month.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hoofbeat.cases.reported import PATHOGENIC_CLASSES, AcmgClassification
from hoofbeat.diagnosis.rank import Differential
from hoofbeat.diagnosis.reanalysis.alert import ALERT_FIRST, Alert, AlertKind
from hoofbeat.diagnosis.reanalysis.behind import NewLinks
from hoofbeat.diagnosis.reanalysis.outcome import Outcome


def classes_of(differential: Differential) -> dict[str, str]:
    """The class of each allele that passed the filters, as its file gives it, by its position; empty where none is
    given. Empty without a genome.
    """
    if differential.genotype is None:
        return {}
    found = {}
    for one in differential.genotype.evidence.variants:
        given = "" if one.acmg is AcmgClassification.NOT_PROVIDED else one.acmg.value
        if one.clinvar is not None:
            given = one.clinvar.value.upper().replace(" ", "_")
        if one.position:
            found[one.position] = given
    return found


def genome_alerts(after: Outcome, now: Differential, new_links: NewLinks, told: Mapping[str, str]) -> Iterator[Alert]:
    """A gene newly linked to a disease among the first that its variants speak for; a variant that became pathogenic,
    or is so no longer. `told` has the classes as the team was last told.
    """
    yield from _gene_links(after, now, new_links)
    yield from _classes(after, now, told)


def _gene_links(after: Outcome, now: Differential, new_links: NewLinks) -> Iterator[Alert]:
    if now.genotype is None:
        return
    new = {(gene.upper(), disease): gene for gene, linked in new_links.items() for disease, _name in linked}
    for standing in after.standings:
        index = now.index_of(standing.disease)
        why = None if index is None else now.genotype.best.get(index)
        if index is None or why is None or standing.rank > ALERT_FIRST or now.genotype.log_lr[index] <= 0:
            continue
        if gene := new.get((why.model.gene.upper(), standing.disease)):
            what = f"{gene} is now linked to {standing.name}, and variants of the genome speak for it"
            yield Alert(AlertKind.GENE_LINK, after.case, standing.disease, what, gene=gene)


def _classes(after: Outcome, now: Differential, told: Mapping[str, str]) -> Iterator[Alert]:
    if now.genotype is None:
        return
    is_now = classes_of(now)
    for one in now.genotype.evidence.variants:
        if not (name := one.position):
            continue
        was = told.get(name, is_now[name])
        # Of a change among the classes that nobody acts on, nothing is told (ours).
        if was != is_now[name] and PATHOGENIC_CLASSES & {was, is_now[name]}:
            gene = next((effect.gene for effect in one.effects if effect.gene), "")
            what = f"{name} was {was or 'not classified'}, and is {is_now[name] or 'not classified'}"
            yield Alert(AlertKind.VARIANT_CLASS, after.case, "", what, gene=gene, variant=name)
