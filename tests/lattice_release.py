"""A made-up release whose terms form a lattice, with the annotation rows that a test asks for: what rankings are
compared on.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from hoofbeat.knowledge.build import build
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.sources import Sources
from tests.small_actions import write_small_actions
from tests.small_release import hpoa_text

ROOT, FINDINGS = "HP:0000001", "HP:0000118"
PARENTS = {
    ROOT: (),
    FINDINGS: (ROOT,),
    "HP:0000003": (FINDINGS,),
    "HP:0000004": (FINDINGS,),
    "HP:0000015": (FINDINGS,),
    "HP:0000016": ("HP:0000003",),
    "HP:0000017": ("HP:0000003",),
    "HP:0000018": ("HP:0000004",),
    "HP:0000021": ("HP:0000016", "HP:0000018"),
    "HP:0000022": ("HP:0000017", "HP:0000018"),
    "HP:0000023": ("HP:0000021",),
    "HP:0000005": (ROOT,),
    "HP:0001419": ("HP:0000005",),
    "HP:0001423": ("HP:0000005",),
    "HP:0012823": (ROOT,),
    "HP:0003674": ("HP:0012823",),
    "HP:0003577": ("HP:0003674",),
    "HP:0011463": ("HP:0003674",),
    "HP:0003596": ("HP:0003674",),
}
FINDING_TERMS = tuple(term for term in PARENTS if "HP:0000003" <= term <= "HP:0000023" and term != "HP:0000005")
ONSET_TERMS = ("HP:0003577", "HP:0011463", "HP:0003596")
INHERITANCE_TERMS = ("HP:0001419", "HP:0001423")
OLDER = {"HP:0009023": "HP:0000023", "HP:0009016": "HP:0000016"}
DISEASES = (
    ("OMIM:100001", "First disease"),
    ("OMIM:100002", "Second disease"),
    ("OMIM:100003", "Third disease"),
    ("OMIM:100004", "Fourth disease"),
    ("ORPHA:9001", "Group of diseases"),
    ("ORPHA:9003", "Third disease"),
)
LINKS = '{"ORPHA:9001": [["OMIM:100001", "BTNT"], ["OMIM:100002", "BTNT"]], "ORPHA:9003": [["OMIM:100003", "E"]]}\n'


def lattice_facts(rows: Sequence[str], *, actions: bool = False) -> Facts:
    """The facts of a release with these lines of phenotype.hpoa (`tests.small_release.row` writes one), and with the
    medical actions of `tests.small_actions` where they are asked for.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "release"
        folder.mkdir()
        (folder / "hp.obo").write_text(_obo(), encoding="utf-8")
        (folder / "phenotype.hpoa").write_text(hpoa_text(tuple(rows)), encoding="utf-8")
        (folder / "genes_to_phenotype.txt").write_text(_genes(), encoding="utf-8")
        (folder / "orpha2omim.json").write_text(LINKS, encoding="utf-8")
        if actions:
            write_small_actions(folder)
        return Facts.open(build(Sources.in_folder(folder), Path(name) / "built").path)


def _obo() -> str:
    stanzas = ["format-version: 1.2\ndata-version: hp/releases/2024-02-01\n"]
    for term, parents in PARENTS.items():
        lines = [f"[Term]\nid: {term}\nname: Term {int(term[3:])}"]
        lines += [f"alt_id: {older}" for older, current in OLDER.items() if current == term]
        lines += [f"is_a: {parent}" for parent in parents]
        stanzas.append("\n".join(lines) + "\n")
    return "\n".join(stanzas)


def _genes() -> str:
    head = "ncbi_gene_id\tgene_symbol\thpo_id\thpo_name\tfrequency\tdisease_id\n"
    return head + "".join(f"{n}\tGENE{n}\tHP:0000016\tx\t-\t{disease}\n" for n, disease in ((1, "OMIM:100001"),))
