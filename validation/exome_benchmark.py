"""How often the true disease comes first when an exome is read beside the findings.

    python -m validation.exome_benchmark [PATH]

Each sampled case is ranked by its findings alone, with a synthetic exome of the person alone, and with one of the
person and both parents (`validation/synthetic_exome.py` says what is real in them, and what flatters). Classes and
conclusions of the source are hidden, the case library holds no case of the publication's fold, the annotations of the
true disease do not count the patient, and the weights saw neither the publication nor the disease.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from hoofbeat.batch.benchmark import KnownCases, read_known_cases
from hoofbeat.cases.called_variant import CalledVariant, Zygosity
from hoofbeat.cases.subject import Sex
from hoofbeat.cli.progress import progress_bar
from hoofbeat.diagnosis.benchmark.blind_case import Terms
from hoofbeat.diagnosis.benchmark.plan import Plan, plan_split
from hoofbeat.diagnosis.benchmark.ranker import HeldOut, cross_fitted_weights, without_the_case
from hoofbeat.diagnosis.benchmark.summary import SEED, metrics
from hoofbeat.diagnosis.benchmark.truth import Stratum
from hoofbeat.diagnosis.genotype.evidence import TestKind, genotype_evidence
from hoofbeat.diagnosis.genotype.filters import screen
from hoofbeat.diagnosis.genotype.modes import EVERY, Mode, modes_of
from hoofbeat.diagnosis.rank import rank
from hoofbeat.interchange.sources import read_cases
from hoofbeat.interchange.vcf import read_vcf
from hoofbeat.knowledge.build import build
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.sources import Sources
from hoofbeat.statistics.averages import bootstrap
from validation.cases import shared_cases, shared_folder
from validation.machine import described
from validation.results_folder import EXOMES, freeze
from validation.synthetic_exome import CHILD, FATHER, MOTHER, GenePlaces, causes, exome

FOLDS = 5
SETTINGS = ("findings alone", "exome, person alone", "exome, with both parents")
BARS = {"top_1": 0.88, "top_3": 0.95}  # diagnosis specification, section 6
# Cases by their place in the order: on these it was chosen how an allele counts (decision 0043), so they are left out.
CHOSEN_ON = range(700, 2100)


@dataclass(frozen=True, slots=True)
class ExomeCase:
    """A case with the variants that its source blames; `number` is its place among the known cases."""

    number: int
    own: tuple[CalledVariant, ...]
    modes: Mode
    gene_known: bool

    @property
    def inheritance(self) -> str:
        """The kind of the case by its alleles."""
        if any(one.chrom == "X" or one.call.zygosity is Zygosity.HEMIZYGOUS for one in self.own):
            return "X-linked"
        if len(self.own) > 1 or self.own[0].call.zygosity is Zygosity.HOMOZYGOUS:
            return "recessive"
        return "dominant" if self.modes & Mode.DOMINANT else "one allele of a recessive disease"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The place of the true disease in each setting (NaN where it is no candidate), and whether the first candidate's
    genes hold the gene of the case: the same gene often causes several diseases.
    """

    case: ExomeCase
    ranks: tuple[float, ...]
    gene_first: tuple[bool, ...]


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--sample", default=1400, show_default=True, help="Cases to rank.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for exomes.json; default: validation/results.")
def main(path: Path | None, sample: int, out: Path | None) -> None:
    """Rank a sample of the cases at PATH (default: those beside the checkout) without and with exomes."""
    path = path or shared_cases()
    if path is None:
        raise click.UsageError("there are no cases beside the checkout: give a PATH with solved phenopackets")
    with tempfile.TemporaryDirectory() as folder, progress_bar() as progress:
        crossreferences = shared_folder() / "xref"
        sources = Sources.in_folder(crossreferences) if crossreferences.is_dir() else Sources.bundled()
        knowledge_file = build(sources, Path(folder)).path
        known = read_known_cases(path, knowledge_file, processes=1, progress=progress)
        knowledge = Knowledge.open(knowledge_file)
        chosen, places = sampled(path, known, knowledge, sample)
        started = time.perf_counter()
        outcomes = []
        for done, outcome in enumerate(ranked(known, chosen, places, knowledge, Path(folder)), 1):
            outcomes.append(outcome)
            progress(f"Ranking with exomes: {done:,} of {len(chosen):,}", done / len(chosen))
        seconds = (time.perf_counter() - started) / max(1, len(chosen))
    result = {
        "command": f"python -m validation.exome_benchmark {path.name} --sample {sample}",
        "input": {"name": path.name, "documents_sha256": known.sha256},
        "release": knowledge.facts.release,
        "protocol": "observed findings; library of the other folds of publications; patient taken out of annotations; "
        "cross-fitted weights; classes and conclusions hidden; background seeded; the cases on which it was chosen how "
        f"alleles count ({CHOSEN_ON.start + 1:,} to {CHOSEN_ON.stop:,}) left out",
        "bars": BARS,
        "seconds_per_case": round(seconds, 3),
        "machine": described(),
        **figures(outcomes, known),
    }
    written = freeze(EXOMES, result, out) if out else freeze(EXOMES, result)
    click.echo(report(result))
    click.echo(f"written to {written}")


def sampled(path: Path, known: KnownCases, knowledge: Knowledge, number: int) -> tuple[list[ExomeCase], GenePlaces]:
    """The same sample on every machine, in order of a hash of the case, without CHOSEN_ON; and where the genes lie."""
    reported = {}
    for document in read_cases(path, ontology=knowledge.ontology):
        for case in document.cases:
            reported[document.report.file, case.id] = case.reported
    modes, diseases = modes_of(knowledge.facts), knowledge.facts.diseases
    fit, chromosomes = [], {}
    for place, (blind, truth) in enumerate(zip(known.cases, known.truths, strict=True)):
        own = causes(reported[blind.file, blind.case.id])
        chromosomes.update({one.effects[0].gene.upper(): one.chrom for one in own if one.chrom and one.chrom != "MT"})
        if not own or not blind.case.observed:
            continue
        index = diseases.find(truth.disease)
        genes = {} if index is None else {gene.symbol.upper() for gene in diseases.disease(index).genes}
        mode = EVERY if index is None else Mode(int(modes[index]))
        is_known = any(one.effects[0].gene.upper() in genes for one in own)
        key = hashlib.sha256(f"exome:{blind.file}:{blind.case.id}".encode()).hexdigest()
        fit.append((key, ExomeCase(place, own, mode, is_known)))
    fit.sort(key=lambda item: item[0])
    kept = [case for place, (_, case) in enumerate(fit) if place not in CHOSEN_ON]
    return kept[:number], GenePlaces.of(knowledge.facts, chromosomes)


def ranked(
    known: KnownCases, chosen: Sequence[ExomeCase], places: GenePlaces, knowledge: Knowledge, folder: Path
) -> Iterator[Outcome]:
    """The places of the true disease of each case, fold by fold."""
    plan: Plan = plan_split(known.cases, known.library(knowledge.facts), FOLDS)
    for arm, left_out in enumerate(plan.left_out):
        own = [case for case in chosen if plan.arm[case.number] == arm]
        with_library = knowledge.with_library(plan.library.without(set(left_out))) if own else knowledge
        for case in own:
            yield _outcome(known, plan, case, places, with_library, folder / "exome.vcf")


def _outcome(
    known: KnownCases, plan: Plan, case: ExomeCase, places: GenePlaces, knowledge: Knowledge, file: Path
) -> Outcome:
    blind, truth = known.cases[case.number], known.truths[case.number]
    held_out = HeldOut(plan.groups[case.number], blind.publications, truth.key)
    seen, weights = blind.seen(Terms.OBSERVED), cross_fitted_weights(held_out)
    knowledge = without_the_case(knowledge, seen, held_out)
    differentials = [rank(seen, knowledge, weights=weights)]
    for trio in (False, True):
        made = exome(f"{blind.file}:{blind.case.id}", case.own, seen.subject.sex, case.modes, places, trio=trio)
        file.write_bytes(made.vcf)
        tested = read_vcf(
            file, sample=CHILD, relatives=(FATHER, MOTHER), trios=((CHILD, FATHER, MOTHER),), screen=screen()
        )
        sex = seen.subject.sex if not trio else next((one.sex for one in made.family), Sex.UNKNOWN)
        evidence = genotype_evidence(tested, sex=sex, family=made.family, kind=TestKind.EXOME)
        differentials.append(rank(seen, knowledge, genotype=evidence, weights=weights))
    own = {one.effects[0].gene.upper() for one in case.own}
    first_genes = [{gene.upper() for gene in knowledge.genes_of(one.first(1)[0])} for one in differentials]
    return Outcome(
        case,
        ranks=tuple(one.rank_of(truth.disease) for one in differentials),
        gene_first=tuple(bool(genes & own) for genes in first_genes),
    )


def figures(outcomes: Sequence[Outcome], known: KnownCases) -> dict[str, Any]:
    """Micro and macro figures per group of cases and setting."""
    strata = {
        "all": outcomes,
        "disease in the release": [one for one in outcomes if _truth(one, known).stratum is not Stratum.ABSENT],
        "disease in the release, its gene known": [one for one in outcomes if one.case.gene_known],
        "gene known, annotations do not quote the case": [
            one for one in outcomes if one.case.gene_known and _truth(one, known).stratum is Stratum.CLEAN
        ],
    }
    with_gene = strata["disease in the release, its gene known"]
    for kind in sorted({one.case.inheritance for one in with_gene}):
        strata[f"gene known, {kind}"] = [one for one in with_gene if one.case.inheritance == kind]
    strata["gene known, structural"] = [one for one in with_gene if any(own.sv_type for own in one.case.own)]
    return {
        "cases": len(outcomes),
        "kinds": dict(Counter(one.case.inheritance for one in outcomes)),
        "strata": {name: _stratum(part, known) for name, part in strata.items() if part},
    }


def _truth(outcome: Outcome, known: KnownCases) -> Any:
    return known.truths[outcome.case.number]


def _stratum(part: Sequence[Outcome], known: KnownCases) -> dict[str, Any]:
    keys = [_truth(one, known).key for one in part]
    clusters = [" ".join(known.cases[one.case.number].publications) for one in part]
    settings: dict[str, Any] = {}
    for place, setting in enumerate(SETTINGS):
        ranks = np.array([one.ranks[place] for one in part])
        row: dict[str, Any] = {"micro": {}, "macro": {}}
        for name, values in metrics(ranks).items():
            for kind, one in zip(("micro", "macro"), bootstrap(values, clusters, keys, seed=SEED), strict=True):
                row[kind][name] = {"mean": round(one.mean, 4), "low": round(one.low, 4), "high": round(one.high, 4)}
        row["gene_first"] = round(float(np.mean([one.gene_first[place] for one in part])), 4)
        settings[setting] = row
    return {"cases": len(part), "diseases": len(set(keys)), "settings": settings, "worse": _worse(part)}


def _worse(part: Sequence[Outcome]) -> Mapping[str, int]:
    """Cases of the first ten by findings that are no longer there with the exome."""
    return {
        setting: sum(one.ranks[0] <= 10 < one.ranks[place] for one in part)
        for place, setting in enumerate(SETTINGS)
        if place
    }


def report(result: Mapping[str, Any]) -> str:
    """The figures in a few lines."""
    lines = []
    for name, stratum in result["strata"].items():
        lines.append(f"{name}: {stratum['cases']} cases, {stratum['diseases']} diseases")
        for setting, row in stratum["settings"].items():
            micro, macro = ({key: one["mean"] for key, one in row[kind].items()} for kind in ("micro", "macro"))
            lines.append(
                f"  {setting:26} micro {micro['top_1']:.3f} {micro['top_3']:.3f} {micro['top_10']:.3f}"
                f"   macro {macro['top_1']:.3f} {macro['top_3']:.3f} {macro['top_10']:.3f}"
                + f"   its gene first {row['gene_first']:.3f}"
                + (f"   left the first ten: {stratum['worse'][setting]}" if setting in stratum["worse"] else "")
            )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
