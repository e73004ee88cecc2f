"""Measures how many questions it takes until the true disease is first, by four ways of choosing them.

    python -m validation.next_step_simulation [PATH]

(a) Patients are drawn from the counts of one publication, and ranked with knowledge without that publication. (b)
Published cases at PATH; what they do not mention is answered "unclear", and the question is spent. Three findings are
revealed; then one question after the other is asked, at most 40. Takes a quarter of an hour and more.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from hoofbeat.batch import Failure, over
from hoofbeat.cases import Case
from hoofbeat.cases.finding import Finding
from hoofbeat.diagnosis.next_step.expectations import expectations_of
from hoofbeat.diagnosis.next_step.next_step import default_burdens
from hoofbeat.diagnosis.next_step.open_questions import open_terms, stated_terms
from hoofbeat.diagnosis.next_step.questions import best_question
from hoofbeat.diagnosis.next_step.setting import Setting
from hoofbeat.diagnosis.rank import Differential, columns_of, rank
from hoofbeat.knowledge.knowledge import Knowledge
from validation.cases import shared_cases
from validation.frozen import crossreference_options
from validation.machine import described
from validation.measures import BIN
from validation.results_folder import NEXT_STEP, freeze
from validation.simulated_patients import Patient, drawn_patients, published_patients

CAP = 40  # questions; a patient who is not found by then counts as this many
POOL = 10  # leading candidates whose stated findings the simple policies choose from
MOVED = 20  # candidates whose change of rank counts, among the first RIVALS
RIVALS = 300
RESAMPLED = 2000
SEED = 2026

Terms = NDArray[np.int64]


def pool(setting: Setting) -> Terms:
    """The open findings that the leading candidates are described with."""
    table = setting.knowledge.facts.annotations.findings
    n_release = len(setting.knowledge.facts.diseases)
    leading = [int(disease) for disease in setting.differential.order[:POOL] if disease < n_release]
    stated = [table.term[table.rows(disease).start : table.rows(disease).stop] for disease in leading]
    terms = np.unique(np.concatenate(stated)) if stated else np.zeros(0, dtype=np.int64)
    return np.asarray(terms[setting.open[terms] & setting.stated[terms]], dtype=np.int64)


def at_random(setting: Setting, generator: np.random.Generator) -> int | None:
    """Any finding of the pool."""
    terms = pool(setting)
    return int(generator.choice(terms)) if len(terms) else None


def most_frequent(setting: Setting, generator: np.random.Generator) -> int | None:
    """The finding of the pool that is expected most often, over all candidates."""
    terms = pool(setting)
    return int(terms[np.argmax(setting.chance[terms])]) if len(terms) else None


def rank_difference(setting: Setting, generator: np.random.Generator) -> int | None:
    """The finding of the pool whose presence would move the candidates most: Σ |change of rank| / rank, as maxodiff."""
    terms = pool(setting)
    if not len(terms):
        return None
    differential = setting.differential
    rivals = differential.order[:RIVALS]
    before, places = differential.scores[rivals], np.arange(1, MOVED + 1)
    factor, columns = differential.weights.linear["found"], columns_of(setting.knowledge)
    moved = []
    for term in terms.tolist():
        after = before + factor * columns.observed(term)[rivals]
        rank_after = (after[None, :] > after[:MOVED, None]).sum(axis=1) + 1
        moved.append(float((np.abs(rank_after - places) / places).sum()))
    return int(terms[int(np.argmax(moved))])


def ours(setting: Setting, generator: np.random.Generator) -> int | None:
    """The question that `next_step` puts first where all ask the same of the patient."""
    return best_question(setting)


POLICIES: dict[str, Callable[[Setting, np.random.Generator], int | None]] = {
    "random": at_random,
    "most frequent": most_frequent,
    "rank difference": rank_difference,
    "ours": ours,
}


@dataclass(frozen=True)
class Asked:
    """How many questions it took until the disease was first, and among the first ten; CAP where it never was."""

    first: int
    among_ten: int
    was_first: bool
    was_among_ten: bool


def ask(patient: Patient, policy: str, whole: Knowledge, without: Knowledge, seed: int) -> Asked:
    """Ask one patient until the disease is first, or CAP questions are spent, or the policy has none left."""
    generator = np.random.default_rng(seed)
    ontology, identifier = whole.ontology, whole.disease_id(patient.disease)
    known = Case(id="simulated", findings=tuple(Finding(ontology.id(term)) for term in patient.first))
    among_ten: int | None = None
    for spent in range(CAP + 1):
        differential = rank(known, without)
        place = differential.rank_of(identifier)
        if among_ten is None and place <= 10:
            among_ten = spent
        if place <= 1:
            return Asked(spent, spent if among_ten is None else among_ten, True, True)
        term = POLICIES[policy](setting_for(known, differential), generator) if spent < CAP else None
        if term is None:
            break
        answer = Finding(ontology.id(term), state=patient.answer(term, whole), asked=True)
        known = replace(known, findings=(*known.findings, answer))
    return Asked(CAP, CAP if among_ten is None else among_ten, False, among_ten is not None)


def setting_for(case: Case, differential: Differential) -> Setting:
    """What `next_step` judges by, without vetoes: they concern procedures."""
    knowledge = differential.knowledge
    return Setting(
        case=case,
        differential=differential,
        belief=differential.probabilities,
        expectations=expectations_of(knowledge),
        open=open_terms(case, knowledge),
        stated=stated_terms(knowledge.facts),
        burdens=default_burdens(knowledge.facts),
        avoid=(),
        overrides={},
        unborn=False,
    )


class _Opened:
    """Opens the knowledge in each process."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self) -> Knowledge:
        return Knowledge.open(self.path)


def _all_policies(knowledge: Knowledge, item: tuple[int, Patient]) -> dict[str, Asked]:
    number, patient = item
    without = knowledge.without({patient.source})
    return {policy: ask(patient, policy, knowledge, without, number) for policy in POLICIES}


def simulated(patients: Sequence[Patient], path: Path) -> list[dict[str, Asked]]:
    """All policies on all patients, in as many processes as there are cores."""
    outcomes: list[dict[str, Asked]] = []

    def told(done: int) -> None:
        click.echo(f"  {done} of {len(patients)} patients", err=True)

    for _, outcome in over(_all_policies, list(enumerate(patients)), setup=_Opened(path), progress=told, chunk=1):
        assert not isinstance(outcome, Failure), outcome
        outcomes.append(outcome)
    return outcomes


def summary(outcomes: Sequence[dict[str, Asked]], seed: int = SEED) -> dict[str, Any]:
    """Means with 95 % intervals from resampling patients, and the ratio of ours to each other policy."""
    generator = np.random.default_rng(seed)
    drawn = generator.integers(len(outcomes), size=(RESAMPLED, len(outcomes)))
    policies = {}
    for policy in POLICIES:
        policies[policy] = {
            "to_first": _mean([one[policy].first for one in outcomes], drawn),
            "to_first_ten": _mean([one[policy].among_ten for one in outcomes], drawn),
            "reached_first": _mean([one[policy].was_first for one in outcomes], drawn),
            "reached_first_ten": _mean([one[policy].was_among_ten for one in outcomes], drawn),
        }
    mine = np.array([one["ours"].first for one in outcomes], dtype=float)
    ratios = {}
    for policy in POLICIES:
        if policy != "ours":
            others = np.array([one[policy].first for one in outcomes], dtype=float)
            resampled = mine[drawn].mean(axis=1) / others[drawn].mean(axis=1)
            low, high = np.percentile(resampled, [2.5, 97.5])
            ratios[policy] = _rounded(float(mine.mean() / others.mean()), float(low), float(high))
    return {"patients": len(outcomes), "policies": policies, "ours_to": ratios}


def _mean(values: Sequence[float], drawn: NDArray[np.int64]) -> dict[str, float]:
    numbers = np.array(values, dtype=float)
    low, high = np.percentile(numbers[drawn].mean(axis=1), [2.5, 97.5])
    return _rounded(float(numbers.mean()), float(low), float(high))


def _rounded(mean: float, low: float, high: float) -> dict[str, float]:
    return {"mean": round(mean, 3), "low": round(low, 3), "high": round(high, 3)}


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--drawn", type=int, default=120, show_default=True, help="Patients drawn from counts.")
@click.option("--published", type=int, default=40, show_default=True, help="Published cases.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the results; default: validation/results.")
def main(path: Path | None, drawn: int, published: int, out: Path | None) -> None:
    """Simulate, and freeze the figures."""
    path = path or shared_cases()
    with tempfile.TemporaryDirectory() as home:
        build = [str(BIN / "hoofbeat"), "knowledge", "build", *crossreference_options()]
        subprocess.run(build, check=True, env={**os.environ, "HOOFBEAT_HOME": home}, stdout=subprocess.DEVNULL)
        file = next((Path(home) / "knowledge").glob("*/knowledge.npz"))
        knowledge = Knowledge.open(file)
        click.echo("drawing patients from counts", err=True)
        runs = {"drawn": summary(simulated(drawn_patients(knowledge, drawn, SEED), file))}
        click.echo(json.dumps(runs["drawn"], indent=1), err=True)
        if path is not None:
            click.echo("published cases", err=True)
            runs["published"] = summary(simulated(published_patients(knowledge, path, published, SEED), file))
        release = knowledge.release_info()
    content = {
        "command": f"python -m validation.next_step_simulation --drawn {drawn} --published {published}",
        "machine": described(),
        "seed": SEED,
        "cap": CAP,
        "knowledge": {"release": release["knowledge"], "content_sha256": release["content_sha256"]},
        "runs": runs,
    }
    written = freeze(NEXT_STEP, content, out) if out else freeze(NEXT_STEP, content)
    click.echo(f"written to {written}")


if __name__ == "__main__":
    main()
