"""Makes the frozen results of the benchmark again: `hoofbeat benchmark` in each of its settings, in one file.

    python -m validation.frozen [PATH]

PATH holds solved phenopackets; default: the published cases beside the checkout. The knowledge is built from the HPO
release that is installed, and the cross-references that lie beside the checkout. Takes a few minutes.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import click

from validation.cases import shared_cases, shared_folder
from validation.machine import described
from validation.measures import BIN
from validation.results_folder import BENCHMARK, freeze

# The headline comes first: observed findings only, the other parts of the cases as library.
RUNS = {
    "observed findings, with library": ("--terms", "observed", "--split", "5"),
    "observed findings, without library": ("--terms", "observed"),
    "all findings, with library": ("--terms", "all", "--split", "5"),
    "all findings, without library": ("--terms", "all"),
    "observed findings, without library, leave-case-out": ("--terms", "observed", "--protocol", "leave-case-out"),
}


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--out", type=click.Path(path_type=Path), help="Folder for benchmark.json; default: validation/results.")
def main(path: Path | None, out: Path | None) -> None:
    """Run the benchmark in all settings and freeze the figures."""
    path = path or shared_cases()
    if path is None:
        raise click.UsageError("there are no cases beside the checkout: give a PATH with solved phenopackets")
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOOFBEAT_HOME": home}
        build = [str(BIN / "hoofbeat"), "knowledge", "build", *crossreference_options()]
        subprocess.run(build, check=True, env=environment)
        runs = {}
        for name, options in RUNS.items():
            click.echo(f"==> {name}: hoofbeat benchmark {path.name} {' '.join(options)}", err=True)
            runs[name] = results_of(path, options, environment)
    content = {"command": "python -m validation.frozen", "machine": described(), "runs": runs}
    written = freeze(BENCHMARK, content, out) if out else freeze(BENCHMARK, content)
    click.echo(f"written to {written}")


def crossreference_options() -> list[str]:
    """The folder of cross-references beside the checkout, for twins to be merged by; without it, by names and genes."""
    folder = shared_folder() / "xref"
    return ["--from", str(folder)] if folder.is_dir() else []


def results_of(path: Path, options: tuple[str, ...], environment: dict[str, str]) -> dict[str, Any]:
    """The results of one run, which is started like a user's."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "results.json"
        command = [str(BIN / "hoofbeat"), "benchmark", str(path), *options, "--out", str(out)]
        subprocess.run(command, check=True, env=environment)
        results: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return results


if __name__ == "__main__":
    main()
