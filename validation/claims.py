"""The tables that the README and `docs/reference/benchmarks.md` show, made from the frozen results and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hoofbeat.knowledge.gene_background import DEFAULT_ALLELES
from validation.goal_claims import WITH, WITHOUT, goals
from validation.next_step_claims import next_step_section, next_step_sentence
from validation.reanalysis_claims import reanalysis_section
from validation.results_folder import (
    BENCH,
    BENCHMARK,
    CLINIC,
    EXOMES,
    HPO3,
    LOAD,
    REANALYSIS,
    RESULTS,
    TEXT,
    frozen,
)
from validation.tables import interval, measures, table

NOT_MEASURED = "Not measured yet."
# What the README shows: (run, stratum, whether the disease is in the library, words).
_CLAIMED = (
    (WITHOUT, "in the release", None, "all cases whose disease is annotated, no library"),
    (WITH, "clean", None, "annotations do not quote the case"),
    (WITH, "clean", True, "and the library has another case of the disease"),
    (WITH, "cited", None, "annotations quote the case"),
    (WITH, "absent", None, "disease not annotated at all"),
)
_FIGURES = (("micro", "top_1"), ("micro", "top_10"), ("macro", "top_1"), ("macro", "top_10"))
_IN_LIBRARY = {None: "", True: ", in library", False: ", not in library"}


def claims(folder: Path = RESULTS) -> str:
    """The tables of the README: accuracy, then speed and size."""
    sentence = next_step_sentence(folder)
    told = ["", sentence] if sentence else []
    reached = [one.to_json() for one in goals(folder)]
    goals_told = ["", "Goals for accuracy that we set ourselves:", "", *measures(reached)] if reached else []
    return "\n".join([*_accuracy_claims(folder), *goals_told, "", *_speed_claims(folder), *told]) + "\n"


def _accuracy_claims(folder: Path) -> list[str]:
    results = frozen(BENCHMARK, folder)
    if results is None:
        return [NOT_MEASURED]
    rows = []
    for run, stratum, in_library, words in _CLAIMED:
        row = _row(results["runs"][run], stratum, in_library)
        if row is not None:
            rows.append([words, f"{row['cases']:,}", f"{row['diseases']:,}", *_cells(row)])
    head = ["cases", "number", "diseases", "micro top-1", "micro top-10", "macro top-1", "macro top-10"]
    return table(head, rows)


def _speed_claims(folder: Path) -> list[str]:
    bench, hpo3 = frozen(BENCH, folder), frozen(HPO3, folder)
    lines = [NOT_MEASURED] if bench is None else measures([*bench["measures"], *_at_work(folder)])
    if bench is not None:
        lines += ["", f"Speed was measured on {_machine(bench['machine'])}."]
    if hpo3 is not None:
        lines += ["", _hpo3_sentence(hpo3)]
    return lines


def _at_work(folder: Path) -> list[Mapping[str, Any]]:
    """What has a bar of re-analysis, and of people at work in a clinic on each database."""
    reanalysis = frozen(REANALYSIS, folder) or {}
    found = [one for part in ("speed", "alerts") for one in reanalysis.get(part, {}).get("measures", ())]
    for name in LOAD:
        if (load := frozen(name, folder)) is not None:
            found += [{**one, "what": f"{load['what']}: {one['what']}"} for one in load["measures"]]
    return [one for one in found if one["bar"]]


def _row(run: Mapping[str, Any], stratum: str, in_library: bool | None) -> Mapping[str, Any] | None:
    found = (row for row in run["strata"] if row["stratum"] == stratum and row["in_library"] is in_library)
    return next(found, None)


def _cells(row: Mapping[str, Any]) -> list[str]:
    return [interval(row[kind][figure]) for kind, figure in _FIGURES]


def _machine(machine: Mapping[str, Any]) -> str:
    return (
        f"{machine['cores']} cores of {machine['processor']}, {machine['system']}, Python {machine['python']}, numpy "
        f"{machine['numpy']}; sorting 4 million random numbers takes it {machine['yardstick_ms']} ms"
    )


def _hpo3_sentence(hpo3: Mapping[str, Any]) -> str:
    ours, theirs = hpo3["hoofbeat"], hpo3["hpo3_best"]
    factor = min(hpo3["times_faster"], hpo3["times_faster_by_processor_time"])
    return (
        f"On {hpo3['cases']:,} cases, with the same release and the same {hpo3['candidates']:,} candidates, Hoofbeat "
        f"takes {ours['seconds_per_case'] * 1000:.1f} ms a case and hpo3 {hpo3['hpo3']['hpo3']} with its best-ranking "
        f"similarity ({theirs['method']}) {theirs['seconds_per_case'] * 1000:.0f} ms: {factor:.0f} times. Micro top-1 "
        f"is {ours['micro']['top_1']['mean']:.3f} against {theirs['micro']['top_1']['mean']:.3f}, top-10 "
        f"{ours['micro']['top_10']['mean']:.3f} against {theirs['micro']['top_10']['mean']:.3f}."
    )


def page(folder: Path = RESULTS) -> str:
    """`docs/reference/benchmarks.md`: what each figure means, and all frozen figures."""
    return (
        "\n".join(
            [
                _MEANING.rstrip(),
                *_accuracy(folder),
                *_exomes(folder),
                *_text(folder),
                *_speed(folder),
                *_clinic(folder),
                *_comparison(folder),
                *next_step_section(folder, NOT_MEASURED),
                *reanalysis_section(folder, NOT_MEASURED),
            ]
        )
        + "\n"
    )


def _accuracy(folder: Path) -> list[str]:
    lines = ["", "## Accuracy", ""]
    results = frozen(BENCHMARK, folder)
    if results is None:
        return [*lines, NOT_MEASURED]
    lines.append(f"Frozen in `validation/results/benchmark.json`, made by `{results['command']}`.")
    for name, run in results["runs"].items():
        lines += ["", f"### {name[:1].upper()}{name[1:]}", "", f"`{run['command']}`", ""]
        lines += [*_strata(run), "", *_about(run)]
    return lines


def _strata(run: Mapping[str, Any]) -> list[str]:
    head = ["stratum", "cases", "diseases", "micro top-1", "top-3", "top-10", "MRR"]
    head += ["macro top-1", "top-3", "top-10", "MRR"]
    rows = []
    for row in run["strata"]:
        cells = [
            interval(row[kind][figure]) if figure in ("top_1", "top_10") else f"{row[kind][figure]['mean']:.3f}"
            for kind in ("micro", "macro")
            for figure in ("top_1", "top_3", "top_10", "mrr")
        ]
        name = row["stratum"] + _IN_LIBRARY[row["in_library"]]
        rows.append([name, f"{row['cases']:,}", f"{row['diseases']:,}", *cells])
    return table(head, rows)


def _about(run: Mapping[str, Any]) -> list[str]:
    errors = run["calibration"]["expected_calibration_error"]
    knowledge, cases, library = run["knowledge"], run["cases"], run["library"]
    lines = [
        f"- Calibration error: {', '.join(f'{name} {error:.3f}' for name, error in errors.items())}.",
        f"- Knowledge {knowledge['release']}, checksum `{knowledge['content_sha256'][:12]}`; cases "
        f"`{run['input']['name']}`, checksum over the documents `{run['input']['documents_sha256'][:12]}`.",
        f"- {cases['scored']:,} cases scored, {cases['without_findings']:,} of them without a finding to rank by, "
        f"{sum(cases['not_scored'].values()):,} not scored, {cases['unread_documents']:,} documents not read.",
    ]
    if library is not None:
        lines.append(
            f"- Library: {library['cases']:,} cases of {library['publications']:,} publications; what shares a "
            f"publication with the case was taken out for {library['left_out_for']:,} cases."
        )
    magnets = run["first_too_often"]
    lines.append(f"- Diseases that come first more often than 3 × their cases + 5: {len(magnets)}.")
    return lines


def _exomes(folder: Path) -> list[str]:
    result = frozen(EXOMES, folder)
    lines = ["", "## With exomes", ""]
    if result is None:
        return [*lines, NOT_MEASURED]
    rows = []
    for name, stratum in result["strata"].items():
        for setting, row in stratum["settings"].items():
            shown = [
                interval(row["micro"]["top_1"]),
                interval(row["micro"]["top_3"]),
                f"{row['micro']['top_10']['mean']:.3f}",
                f"{row['macro']['top_1']['mean']:.3f}",
                f"{row['macro']['top_3']['mean']:.3f}",
                f"{row['gene_first']:.3f}",
            ]
            lost = stratum["worse"].get(setting)
            rows.append([name, f"{stratum['cases']:,}", setting, *shown, "" if lost is None else f"{lost:,}"])
    head = [
        "cases",
        "number",
        "ranked by",
        "micro top-1",
        "top-3",
        "top-10",
        "macro top-1",
        "top-3",
        "its gene first",
        "left the first ten",
    ]
    bars = result["bars"]
    return [
        *lines,
        f"Frozen in `validation/results/exomes.json`, made by `{result['command']}`. Bars that we set ourselves: "
        f"{bars['top_1']:g} first, {bars['top_3']:g} among the first three.",
        "",
        "**These exomes never were.** Real are the published variants, their genes and zygosity; classes and what "
        "the source concluded are hidden. Made up are the rare alleles of all other genes, reads and parents. It "
        "flatters: no gene has more alleles than another, nothing is an artefact, each place is covered, genes without "
        "a disease have no alleles, how rare alleles are comes from the figures that the ranking compares them with, "
        "and parents are always told rightly. It is harder in one respect: each gene has "
        f"{DEFAULT_ALLELES:g} rare alleles, several times as many as people have.",
        "",
        f"{result['protocol'][:1].upper()}{result['protocol'][1:]}.",
        "",
        *table(head, rows),
    ]


def _speed(folder: Path) -> list[str]:
    bench = frozen(BENCH, folder)
    lines = ["", "## Speed and size", ""]
    if bench is None:
        return [*lines, NOT_MEASURED]
    lines += [
        "Frozen in `validation/results/bench.json`, made by `make bench`.",
        "",
        f"Measured on {_machine(bench['machine'])}. Cases: {bench['cases']}.",
        "",
    ]
    return [*lines, *measures(bench["measures"])]


def _clinic(folder: Path) -> list[str]:
    """The application at work: load, what an answer is made of, and kills, on each database that was measured."""
    lines = ["", "## The application at work", ""]
    lines.append(
        "The simulated people pause five seconds between two pages on average, less than somebody who reads them, and "
        "stay with a patient for six pages. How busy all programs kept the machine stands beside, as its load, and the "
        "time to sort 4 million random numbers."
    )
    for name in CLINIC:
        if (found := frozen(name, folder)) is None:
            lines += ["", f"`validation/results/{name}`: {NOT_MEASURED}"]
            continue
        machine = found["machine"]
        busy = f", load {machine['others_at_work']:g}" if "others_at_work" in machine else ""
        where = f"{machine['cores']} cores of {machine['processor']}{busy}, sorting {machine['yardstick_ms']} ms"
        lines += ["", f"`{found['command']}` ({found['what']}; {where}):", ""]
        lines += _pages(found["pages"]) if "pages" in found else measures(found["measures"])
    return lines


def _pages(pages: Mapping[str, Mapping[str, float]]) -> list[str]:
    head = list(next(iter(pages.values())))
    return table(
        ["median ms of", *head], [[name, *(f"{took[part]:g}" for part in head)] for name, took in pages.items()]
    )


def _text(folder: Path) -> list[str]:
    lines = ["", "## Findings in free text", ""]
    results = frozen(TEXT, folder)
    if results is None:
        return [*lines, NOT_MEASURED]
    rows = []
    for part in ("development", "held back"):
        one = results[part]
        tallies = {
            "mentions": one["mentions"],
            **{f"said: {kind}": tally for kind, tally in one["by assertion"].items()},
        }
        for what, tally in tallies.items():
            counts = [str(tally[name]) for name in ("right", "extra", "missed")]
            figures = [f"{tally[name]:.3f}" for name in ("precision", "recall", "f1")]
            rows.append([f"{part}, {one['sentences']} sentences", what, *counts, *figures])
    head = ["part", "what", "right", "too many", "missed", "precision", "recall", "F1"]
    return [
        *lines,
        f"Frozen in `validation/results/text.json`, made by `{results['command']}`. Both parts were written by the",
        "makers of the reader, before it; the held-back part was measured only when the reader was finished. They say",
        "that it does what was meant, not how it fares on the letters of another hospital.",
        "",
        *table(head, rows),
    ]


def _comparison(folder: Path) -> list[str]:
    hpo3 = frozen(HPO3, folder)
    lines = ["", "## Against hpo3", ""]
    if hpo3 is None:
        return [*lines, NOT_MEASURED]
    rows = [_compared("**Hoofbeat**", hpo3["hoofbeat"])]
    rows += [_compared(f"hpo3 {name}", one) for name, one in hpo3["hpo3_finalists"].items()]
    rows.append(_compared("hpo3 enrichment, hypergeometric", hpo3["hpo3_enrichment"]))
    head = ["method", "micro top-1", "micro top-10", "macro top-1", "macro top-10", "ms a case", "ms of processor"]
    return [
        *lines,
        f"Frozen in `validation/results/hpo3.json`, made by `{hpo3['command']}`.",
        "",
        _hpo3_sentence(hpo3),
        "",
        *table(head, rows),
        "",
        "Both see the observed findings only and no case library. The candidates are the annotated OMIM diseases; "
        "Hoofbeat's merged disease, which also uses the annotations of its Orphanet twin, stands for its OMIM entry. "
        "Its time is that of ranking all diseases. hpo3's sets of terms per disease are made before, and not counted. "
        f"All of its similarities were tried on {hpo3['hpo3_pilot']['cases']} of the cases; the best by MRR went on. "
        "The enrichment test is no similarity; it stands here because it can order diseases too.",
    ]


def _compared(name: str, one: Mapping[str, Any]) -> list[str]:
    seconds = (f"{one['seconds_per_case'] * 1000:.1f}", f"{one['cpu_seconds_per_case'] * 1000:.1f}")
    return [name, *_cells(one), *seconds]


_MEANING = """\
# Benchmarks

Made from the frozen results in `validation/results` by `make docs`. How to run them: [run the
benchmark](../how-to/run-the-benchmark.md).

## What the figures mean

**Cases** are published people with a confirmed diagnosis. The ranking is given their findings, age and sex; what
their source says of the diagnosis is taken out before.

**Observed findings** only is the headline. In published cases the list of what was *not* found mirrors the feature
table of the paper, and so gives the disease away; the figures with all findings stand beside it.

**Top-1, top-3, top-10**: the share of cases whose true disease is among the first so many of all merged diseases,
OMIM, Orphanet and DECIPHER together. Equal scores share the mean of their places, so two first ones are both at
1.5. **MRR** is the mean of 1/place. A disease that is not placed at all counts as a failure, also where the release
does not have it.

**Micro** averages over cases, **macro** over diseases, so that a disease with a hundred cases of one cohort counts
once. Macro is the figure to look at. In brackets stand 95 % intervals from resampling whole publications 1,000
times.

**Strata**, by what the annotations already knew:

- *cited*: an annotation row of the true disease quotes the very publication of the case. The ranking has in part
  seen it.
- *clean*: no row does. This is the figure to trust.
- *absent*: the release has no annotation of the disease. Without a library nobody could find it.

*In the release* is cited and clean together.

**The library** never holds a case of the publication that is tested, nor one that shares a publication with it.
With `--split 5` each publication is in one of five parts, by the number that the SHA-256 of `fold:PMID:...` is,
modulo 5; the cases of the other four parts are the library. *In library*: it has a case of the true disease.

**Weights** of the second stage were learned from cases of this kind. Each case is ranked with a set that was learned
without its publication and without its disease, so that no figure rests on a case that was seen before.

**As-is** uses the annotations as released. **Leave-case-out** ranks each case with annotations that do not count the
patient: where a row of the true disease quotes the publication of the case, one is subtracted from its n and m, and a
row that rests on nobody else is dropped. What the publication says of the onset is left out whole, and it does not
count as a report of the disease.

**A broader or narrower disease** at the top is no hit; the file of results has these figures apart, and those by
how the stated disease was found: under its own id, as a twin merged into another, or by an exact cross-reference.

**Calibration error** (ECE): the first candidates are sorted into 15 bins by their probability, and in each the mean
probability is compared with the share that is right; the mean difference, weighted by size, is the error.

**First too often**: a disease that comes first more than 3 times as often as it has cases, and 5, draws cases to
itself.
"""


if __name__ == "__main__":
    print(claims(), end="")
