"""A few medical actions in the formats of maxo.obo and maxo_diagnostic_annotations.tsv, for tests to check by hand."""

from __future__ import annotations

from pathlib import Path

IMAGING, SCAN, BIOPSY, LOOKING = "MAXO:0000005", "MAXO:0000427", "MAXO:0000376", "MAXO:0000487"
UNBORN_SCAN = "MAXO:0000520"

OBO = """\
format-version: 1.2
data-version: releases/2024-07-29
ontology: maxo

[Term]
id: MAXO:0000001
name: medical action

[Term]
id: MAXO:0000005
name: clinical imaging procedure
is_a: MAXO:0000001 ! medical action

[Term]
id: MAXO:0000427
name: MRI of the brain
is_a: MAXO:0000005 ! clinical imaging procedure

[Term]
id: MAXO:0000376
name: biopsy of liver
is_a: MAXO:0000001 ! medical action

[Term]
id: MAXO:0000487
name: clinical assessment
is_a: MAXO:0000001 ! medical action

[Term]
id: MAXO:0000520
name: fetal ultrasonography
is_a: MAXO:0000005 ! clinical imaging procedure

[Term]
id: MAXO:0000999
name: obsolete procedure
is_obsolete: true
"""
HEADER = "hpo_id\thpo_label\tpredicate_id\tmaxo_id\tmaxo_label\tcreator_id"
ROWS = (
    ("HP:0000003", "is_observable_through", SCAN),
    ("HP:0000018", "is_observable_through", BIOPSY),
    ("HP:0000015", "is_observable_through", LOOKING),
    ("HP:0000004", "is_prenatally_observable_through", UNBORN_SCAN),
    ("HP:0000015", "is_observable_through", "MAXO:0000001"),
    ("HP:0000015", "is_observable_through", "MAXO:0000999"),
    ("HP:9999999", "is_observable_through", SCAN),
    ("HP:0000016", "is_perhaps_observable_through", SCAN),
)


def write_small_actions(folder: Path, rows: tuple[tuple[str, str, str], ...] = ROWS, *, header: str = HEADER) -> None:
    """Write both files into a folder."""
    (folder / "maxo.obo").write_text(OBO, encoding="utf-8")
    lines = ["#description: made up", "#version: 2025-05-31", header]
    lines += [f"{finding}\tx\t{predicate}\t{action}\tx\tx" for finding, predicate, action in rows]
    (folder / "maxo_diagnostic_annotations.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
