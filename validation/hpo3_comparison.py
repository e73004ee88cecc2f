"""Compares Hoofbeat with hpo3, a fast library for similarity of HPO terms, on the same cases and the same release.

    python -m validation.hpo3_comparison PATH

It makes an environment of its own for hpo3 (in `build/hpo3`), ranks a sample of the cases at PATH with hpo3's
similarities (and, for completeness, with its enrichment test, which is no similarity but can order diseases too), and
then with Hoofbeat, one after the other on the same machine. Both see the observed findings only, the same
HPO release, no case library, and the same candidates: the OMIM diseases that are annotated in it. Hoofbeat's merged
disease stands for its OMIM entry (no two OMIM entries are ever merged), and its place is counted among those alone; its
time is that of ranking all diseases, OMIM, ORPHA and DECIPHER.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from hoofbeat.batch.benchmark import KnownCases, read_known_cases
from hoofbeat.cli.progress import progress_bar
from hoofbeat.diagnosis.benchmark.blind_case import BlindCase, Terms
from hoofbeat.diagnosis.benchmark.plan import plan_without_library
from hoofbeat.diagnosis.benchmark.ranker import HeldOut, WeightChoice, weights_for
from hoofbeat.diagnosis.benchmark.summary import SEED, metrics
from hoofbeat.diagnosis.benchmark.truth import Truth
from hoofbeat.diagnosis.rank import rank
from hoofbeat.knowledge.build import build
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.sources import Role, Sources
from hoofbeat.statistics.averages import bootstrap
from hoofbeat.statistics.places import mid_rank
from validation.cases import shared_cases, shared_folder
from validation.machine import described
from validation.results_folder import HPO3, ROOT, freeze

HPO3_VERSION = "1.5.1"
ENVIRONMENT = ROOT / "build" / "hpo3"
METHODS = ("graphic", "resnik", "lin", "jc", "rel", "ic", "dist")
COMBINED_BY = ("funSimAvg", "funSimMax", "BMA")
ENRICHMENT = ("enrichment", "hypergeom")
# The similarity called "mutation" is left out: it took 12 to 18 s a case where the others take .2 to 1 s.
FINALISTS = 3  # similarities that are run on the whole sample, after all were run on a part of it

Ranked = dict[tuple[str, str], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class SampleCase:
    """One case of the sample: its number, what is known of it, its group of publications, and its disease in OMIM."""

    id: str
    blind: BlindCase
    truth: Truth
    group: str
    omim: int

    @property
    def held_out(self) -> HeldOut:
        """What Hoofbeat's weights must not have been learned from."""
        return HeldOut(self.group, self.blind.publications, self.truth.key)

    @property
    def request(self) -> dict[str, Any]:
        """As the runner of hpo3 takes it."""
        return {"id": self.id, "observed": list(self.blind.case.observed), "disease": self.omim}


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--sample", default=300, show_default=True, help="Cases that Hoofbeat and hpo3's best methods rank.")
@click.option("--pilot", default=40, show_default=True, help="Cases of these that all of hpo3's methods rank.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder to write hpo3.json to; default: validation/results."
)
def main(path: Path | None, sample: int, pilot: int, out: Path | None) -> None:
    """Rank the cases at PATH (default: those beside the checkout) with hpo3 and with Hoofbeat."""
    path = path or shared_cases()
    if path is None:
        raise click.UsageError("there are no cases beside the checkout: give a PATH with solved phenopackets")
    python = hpo3_python()
    with tempfile.TemporaryDirectory() as folder:
        crossreferences = shared_folder() / "xref"
        sources = Sources.in_folder(crossreferences) if crossreferences.is_dir() else Sources.bundled()
        knowledge_file = build(sources, Path(folder)).path
        with progress_bar() as progress:
            known = read_known_cases(path, knowledge_file, processes=1, progress=progress)
        result = compare(known, knowledge_file, sources, python, sample=sample, pilot=pilot)
    result["command"] = f"python -m validation.hpo3_comparison {path.name} --sample {sample} --pilot {pilot}"
    result["input"] = {"name": path.name, "documents_sha256": known.sha256}
    result["machine"] = described()
    written = freeze(HPO3, result, out) if out else freeze(HPO3, result)
    click.echo(report(result))
    click.echo(f"written to {written}")


def hpo3_python() -> Path:
    """The Python of an environment with hpo3, made where it is not there yet."""
    python = ENVIRONMENT / "bin" / "python"
    installed = ENVIRONMENT / f"hpo3-{HPO3_VERSION}"
    if installed.exists():
        return python
    click.echo(f"making an environment with hpo3 {HPO3_VERSION} in build/hpo3")
    subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
    command = [str(python), "-m", "pip", "install", "--quiet", f"hpo3=={HPO3_VERSION}"]
    if subprocess.run(command, check=False).returncode:
        raise click.ClickException(
            f"hpo3 {HPO3_VERSION} could not be installed: is there a connection to the internet?"
        )
    installed.touch()
    return python


def compare(
    known: KnownCases, knowledge_file: Path, sources: Sources, python: Path, *, sample: int, pilot: int
) -> dict[str, Any]:
    """The whole comparison as a JSON object."""
    knowledge = Knowledge.open(knowledge_file)
    same_release = str(sources.paths[Role.ONTOLOGY].parent)
    loaded, _ = hpo3_ranks(python, same_release, [], [], [])
    candidates = sorted(
        number for number in loaded["diseases"] if knowledge.facts.diseases.member(f"OMIM:{number}") is not None
    )
    cases = sampled(known, set(candidates), sample)
    groups = {case.id: case.truth.key for case in cases}
    clusters = {case.id: case.group for case in cases}

    every = [(method, combine) for method in METHODS for combine in COMBINED_BY]
    _, tried = hpo3_ranks(python, same_release, candidates, every, cases[:pilot])
    finalists = sorted(tried, key=lambda method: -mean_reciprocal(tried[method]))[:FINALISTS]
    _, whole = hpo3_ranks(python, same_release, candidates, [*finalists, ENRICHMENT], cases)
    best = max(finalists, key=lambda method: mean_reciprocal(whole[method]))
    newer, with_newer = hpo3_ranks(python, "", candidates, [best], cases)
    ours = hoofbeat_ranks(knowledge, candidates, cases)

    theirs = figures(whole[best], groups, clusters)
    our_figures = figures(ours, groups, clusters)
    return {
        "release": {"hoofbeat": knowledge.facts.release, "hpo3": loaded["release"]},
        "hpo3": {name: loaded[name] for name in ("hpo3", "backend", "seconds_to_load")},
        "candidates": len(candidates),
        "cases": len(cases),
        "publications": len(set(clusters.values())),
        "hoofbeat": our_figures,
        "hpo3_best": {"method": " ".join(best), **theirs},
        "times_faster": round(theirs["seconds_per_case"] / our_figures["seconds_per_case"], 1),
        "times_faster_by_processor_time": round(
            theirs["cpu_seconds_per_case"] / our_figures["cpu_seconds_per_case"], 1
        ),
        "hpo3_enrichment": figures(whole[ENRICHMENT], groups, clusters),
        "hpo3_finalists": {" ".join(method): figures(whole[method], groups, clusters) for method in finalists},
        "hpo3_pilot": {
            "cases": min(pilot, len(cases)),
            **{" ".join(method): brief(tried[method]) for method in every},
        },
        "hpo3_best_with_its_own_release": {"release": newer["release"], **brief(with_newer[best])},
    }


def sampled(known: KnownCases, candidates: set[int], number: int) -> list[SampleCase]:
    """The same sample on every machine: cases whose disease is a candidate, in order of a hash of their id."""
    fit = []
    for blind, truth, group in zip(known.cases, known.truths, plan_without_library(known.cases).groups, strict=True):
        source, _, local = truth.disease.partition(":")
        if source == "OMIM" and int(local) in candidates and blind.case.observed:
            seen = BlindCase(blind.file, blind.seen(Terms.OBSERVED), blind.diseases, blind.publications)
            fit.append((hashlib.sha256(f"hpo3:{blind.file}:{blind.case.id}".encode()).hexdigest(), seen, truth, group))
    fit.sort(key=lambda item: item[0])
    return [
        SampleCase(str(place), seen, truth, group, int(truth.disease.partition(":")[2]))
        for place, (_, seen, truth, group) in enumerate(fit[:number])
    ]


def hpo3_ranks(
    python: Path,
    folder: str,
    candidates: Sequence[int],
    methods: Sequence[tuple[str, str]],
    cases: Iterable[SampleCase],
) -> tuple[dict[str, Any], Ranked]:
    """What hpo3 loaded, and per method its answer for each case; `folder` holds release files, empty for its own."""
    requested = [case.request for case in cases]
    request = {"folder": folder, "candidates": list(candidates), "methods": methods, "cases": requested}
    total, done = len(methods) * len(requested), 0
    answers: Ranked = defaultdict(list)
    runner = Path(__file__).resolve().parent / "hpo3_runner.py"
    with (
        subprocess.Popen(
            [str(python), str(runner)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process,
        progress_bar() as progress,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(request))
        process.stdin.close()
        loaded: dict[str, Any] = json.loads(process.stdout.readline() or "{}")
        for line in process.stdout:
            answer = json.loads(line)
            answers[answer["method"], answer["combine"]].append(answer)
            done += 1
            progress(f"hpo3: {answer['method']} {answer['combine']}", done / max(1, total))
    if process.returncode or not loaded:
        raise click.ClickException("hpo3 ended with an error, which stands above")
    return loaded, answers


def hoofbeat_ranks(
    knowledge: Knowledge, candidates: Sequence[int], cases: Sequence[SampleCase]
) -> list[dict[str, Any]]:
    """Hoofbeat's answer for each case, in the form of hpo3's."""
    index = np.array([knowledge.facts.diseases.index(f"OMIM:{number}") for number in candidates])
    for case in cases[:20]:  # warm: columns that cases use again and again are there already
        rank(case.blind.case, knowledge, weights=weights_for(WeightChoice.CROSS_FITTED, case.held_out))
    answers = []
    for case in cases:
        weights = weights_for(WeightChoice.CROSS_FITTED, case.held_out)
        clock, processor = time.perf_counter(), time.process_time()
        differential = rank(case.blind.case, knowledge, weights=weights)
        seconds, cpu_seconds = time.perf_counter() - clock, time.process_time() - processor
        place = mid_rank(np.asarray(differential.scores)[index], candidates.index(case.omim))
        answers.append({"case": case.id, "rank": place, "seconds": seconds, "cpu_seconds": cpu_seconds})
    return answers


def ranks_of(answers: Sequence[dict[str, Any]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The places, NaN where there is none."""
    return np.array([np.nan if answer["rank"] is None else answer["rank"] for answer in answers], dtype=np.float64)


def mean_reciprocal(answers: Sequence[dict[str, Any]]) -> float:
    """MRR, by which hpo3's best method is chosen."""
    return float(metrics(ranks_of(answers))["mrr"].mean())


def brief(answers: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Micro averages and mean seconds."""
    means = {name: round(float(values.mean()), 4) for name, values in metrics(ranks_of(answers)).items()}
    return {**means, **_seconds(answers)}


def figures(answers: Sequence[dict[str, Any]], groups: dict[str, str], clusters: dict[str, str]) -> dict[str, Any]:
    """Micro and macro averages with intervals by publication, and mean seconds per case."""
    of_group = [groups[answer["case"]] for answer in answers]
    of_cluster = [clusters[answer["case"]] for answer in answers]
    result: dict[str, Any] = {"micro": {}, "macro": {}}
    for name, values in metrics(ranks_of(answers)).items():
        for kind, one in zip(result, bootstrap(values, of_cluster, of_group, seed=SEED), strict=True):
            result[kind][name] = {"mean": round(one.mean, 4), "low": round(one.low, 4), "high": round(one.high, 4)}
    return {**result, **_seconds(answers)}


def _seconds(answers: Sequence[dict[str, Any]]) -> dict[str, float]:
    return {
        f"{name}_per_case": round(float(np.mean([answer[name] for answer in answers])), 6)
        for name in ("seconds", "cpu_seconds")
    }


def report(result: dict[str, Any]) -> str:
    """The comparison in a few lines."""
    lines = [
        f"{result['cases']} cases, {result['candidates']:,} candidates, HPO release {result['release']['hoofbeat']}"
    ]
    every = {
        "Hoofbeat": result["hoofbeat"],
        f"hpo3 {result['hpo3_best']['method']}": result["hpo3_best"],
        "hpo3 enrichment": result["hpo3_enrichment"],
    }
    for name, one in every.items():
        micro = {figure: value["mean"] for figure, value in one["micro"].items()}
        lines.append(
            f"{name:24} top-1 {micro['top_1']:.3f}  top-10 {micro['top_10']:.3f}  MRR {micro['mrr']:.3f}  "
            f"{one['seconds_per_case'] * 1000:8.2f} ms a case"
        )
    by_clock, by_processor = result["times_faster"], result["times_faster_by_processor_time"]
    return "\n".join([*lines, f"times faster: {by_clock} by the clock, {by_processor} by processor time"])


if __name__ == "__main__":
    main()
