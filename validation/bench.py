"""Measures speed and size against the bars that the project holds itself to: `make bench`.

    python -m validation.bench [PATH]

PATH holds phenopackets; default: the published cases beside the checkout, else cases made up from the annotations.
Figures depend on the machine and on what else it does; they are printed and frozen, and never tested.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

import click
import numpy as np

from hoofbeat.batch import Failure, available_cores, over
from hoofbeat.cases import Case
from hoofbeat.diagnosis.rank import rank
from hoofbeat.interchange import phenopacket
from hoofbeat.knowledge.facts import KNOWLEDGE_FILE, Facts
from hoofbeat.knowledge.knowledge import Knowledge
from validation.big_vcf import write_big_vcf
from validation.cases import made_up_cases, published_cases, shared_cases
from validation.machine import described
from validation.measures import BIN, Measure, numbers_from, seconds_of
from validation.results_folder import BENCH, freeze

CASES = 2_000
WARM_UP = 100  # cases, so that what cases share has been made

_BUILD = """
import sys, time
from pathlib import Path
from hoofbeat.knowledge.build import build
from hoofbeat.knowledge.sources import Sources
started = time.perf_counter()
build(Sources.bundled(), Path(sys.argv[1]))
print(time.perf_counter() - started, memory("VmHWM"))
"""
VCF_LINES = 4_000_000
_READ_VCF = """
import sys, time
from pathlib import Path
from hoofbeat.diagnosis.genotype.filters import screen
from hoofbeat.interchange.vcf import read_vcf
started = time.perf_counter()
read_vcf(Path(sys.argv[1]), screen=screen())
print(time.perf_counter() - started, time.process_time(), memory("VmHWM"))
"""
_LOAD = """
import sys, time
from pathlib import Path
from hoofbeat.cases import Case
from hoofbeat.diagnosis.rank import rank
from hoofbeat.interchange.sources import read_cases
from hoofbeat.knowledge.knowledge import Knowledge
started = time.perf_counter()
knowledge = Knowledge.open(Path(sys.argv[1]))
loaded = time.perf_counter() - started
at_once = memory("VmRSS")
for document in read_cases(sys.argv[2], ontology=knowledge.ontology):
    for case in document.cases:
        rank(case, knowledge)
print(loaded, at_once, memory("VmRSS"))
"""


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder to write bench.json to; default: validation/results."
)
def main(path: Path | None, out: Path | None) -> None:
    """Measure, print each figure beside its bar, and freeze them."""
    path = path or shared_cases()
    measures = []
    with tempfile.TemporaryDirectory() as folder:
        for one in measured(path, Path(folder)):
            click.echo(one.line())
            measures.append(one)
    content = {
        "command": "python -m validation.bench",
        "cases": "made up from the annotations" if path is None else path.name,
        "machine": described(),
        "measures": [one.to_json() for one in measures],
    }
    written = freeze(BENCH, content, out) if out else freeze(BENCH, content)
    click.echo(f"written to {written}")


def measured(path: Path | None, folder: Path) -> list[Measure]:
    """All figures, in the order of the table in `docs/reference/benchmarks.md`."""
    click.echo("building the knowledge", err=True)
    home = folder / "home"
    target = home / "knowledge" / "bench"
    build_seconds, build_peak = numbers_from(_BUILD, str(target), home=home)
    knowledge_file = target / KNOWLEDGE_FILE
    facts = Facts.open(knowledge_file)
    cases = made_up_cases(facts, CASES) if path is None else published_cases(path, facts, CASES)
    lines, one_case = folder / "cases.ndjson", folder / "case.json"
    packets = [phenopacket.write(case, ontology=facts.ontology) for case in cases[:300]]
    lines.write_bytes(b"".join(packet.replace(b"\n", b" ") + b"\n" for packet in packets))
    one_case.write_bytes(packets[0])

    click.echo(f"ranking {len(cases):,} cases in this process", err=True)
    took = rank_milliseconds(cases, Knowledge.open(knowledge_file))
    click.echo("ranking from the command line", err=True)
    program = str(BIN / "hoofbeat")
    whole = seconds_of([program, "rank", str(one_case)], repeats=7, home=home)
    help_seconds = seconds_of([program, "--help"], repeats=7, home=home)
    loaded, at_once, after = numbers_from(_LOAD, str(knowledge_file), str(lines), home=home)
    click.echo(f"ranking in {available_cores()} processes", err=True)
    many = seconds_for_many(cases, knowledge_file)
    return [
        Measure("rank one case over all diseases, warm, in process: median", float(np.median(took)), "ms", 3),
        Measure("the same: 99th percentile", float(np.percentile(took, 99)), "ms", 15),
        Measure("`hoofbeat rank case.json`, whole process", whole, "s", 1.0),
        Measure("`hoofbeat --help`, whole process", help_seconds, "s", 0.15),
        Measure("knowledge build from the HPO release", build_seconds, "s", 30),
        Measure("the same: peak memory", build_peak / 1e9, "GB", 1),
        Measure("knowledge loaded", loaded, "s", 0.3),
        Measure("resident memory, loaded", at_once / 1e6, "MB", 400),
        Measure("resident memory, after ranking 300 cases", after / 1e6, "MB", 400),
        Measure("knowledge file", knowledge_file.stat().st_size / 1e6, "MB"),
        Measure(f"10,000 cases ranked, {available_cores()} processes", many, "s", 60),
        *vcf_measures(folder, home),
        *([] if path is None else library_measures(path, program, one_case, home)),
    ]


def library_measures(path: Path, program: str, one_case: Path, home: Path) -> list[Measure]:
    """The same with the cases at PATH as library."""
    click.echo("ranking with a case library", err=True)
    subprocess.run(
        [program, "knowledge", "add-cases", str(path)],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "HOOFBEAT_HOME": str(home)},
    )
    whole = seconds_of([program, "rank", str(one_case)], repeats=7, home=home)
    return [Measure(f"`hoofbeat rank case.json` with a library of {path.name}", whole, "s", 1.0)]


def vcf_measures(folder: Path, home: Path) -> list[Measure]:
    """A genome's VCF read in one process, from gzip."""
    click.echo(f"writing and reading a VCF of {VCF_LINES:,} lines", err=True)
    file = folder / "genome.vcf.gz"
    write_big_vcf(file, VCF_LINES)
    seconds, processor, peak = numbers_from(_READ_VCF, str(file), home=home)
    file.unlink()
    return [
        Measure(f"a VCF of {VCF_LINES:,} annotated lines read", seconds, "s", 90),
        Measure("the same: processor time", processor, "s"),
        Measure("the same: peak memory", peak / 1e6, "MB", 500),
    ]


def rank_milliseconds(cases: list[Case], knowledge: Knowledge) -> list[float]:
    """Milliseconds of each case, after a warm-up."""
    for case in cases[:WARM_UP]:
        rank(case, knowledge)
    took = []
    for case in cases:
        started = time.perf_counter()
        rank(case, knowledge)
        took.append((time.perf_counter() - started) * 1000)
    return took


def seconds_for_many(cases: list[Case], knowledge_file: Path) -> float:
    """Seconds to rank 10,000 cases in as many processes as there are cores; starting them counts."""
    many = (cases * (10_000 // len(cases) + 1))[:10_000]
    started = time.perf_counter()
    failed = sum(isinstance(done, Failure) for _, done in over(first, many, setup=_Opened(knowledge_file)))
    assert not failed, f"{failed} cases could not be ranked"
    return time.perf_counter() - started


class _Opened:
    """Opens the knowledge in each process."""

    def __init__(self, knowledge_file: Path) -> None:
        self.knowledge_file = knowledge_file

    def __call__(self) -> Knowledge:
        return Knowledge.open(self.knowledge_file)


def first(knowledge: Knowledge, case: Case) -> float:
    """The highest probability: what a process sends back of a case."""
    return float(rank(case, knowledge).probabilities.max())


if __name__ == "__main__":
    main()
