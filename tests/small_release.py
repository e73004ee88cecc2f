"""A release of a few terms and entries, in the formats of the official files, for tests to check by hand."""

from __future__ import annotations

from pathlib import Path

from hoofbeat.knowledge.hpoa import COLUMNS

RELEASE = "2024-02-01"

TERMS = {
    "HP:0000001": ("All", ()),
    "HP:0000118": ("Phenotypic abnormality", ("HP:0000001",)),
    "HP:0001166": ("Arachnodactyly", ("HP:0000118",)),
    "HP:0001083": ("Ectopia lentis", ("HP:0000118",)),
    "HP:0002705": ("High, narrow palate", ("HP:0000118",)),
    "HP:0000005": ("Mode of inheritance", ("HP:0000001",)),
    "HP:0000006": ("Autosomal dominant inheritance", ("HP:0000005",)),
    "HP:0012823": ("Clinical modifier", ("HP:0000001",)),
    "HP:0012828": ("Severe", ("HP:0012823",)),
    "HP:0003674": ("Onset", ("HP:0012823",)),
    "HP:0003577": ("Congenital onset", ("HP:0003674",)),
}
OBSOLETE = {"HP:0009999": "HP:0001166", "HP:0008888": ""}
ALTERNATIVE = {"HP:0001505": "HP:0001166"}

HEADER = "\t".join(COLUMNS)

MARFAN, MARFAN_ORPHA = ("OMIM:154700", "Marfan syndrome"), ("ORPHA:558", "Marfan syndrome")
NAIL, NAIL_ORPHA = ("OMIM:161200", "Nail-patella syndrome"), ("ORPHA:2614", "Nail-patella syndrome")
HEART, LENS = ("OMIM:600001", "Heart-hand syndrome, type II"), ("OMIM:129600", "Ectopia lentis, familial")
REGION = ("DECIPHER:18", "1p36 microdeletion syndrome")

GENES = ((2200, "FBN1", "OMIM:154700"), (4010, "LMX1B", "OMIM:161200"), (4010, "LMX1B", "ORPHA:2614"))


def row(
    disease: tuple[str, str],
    term: str,
    *,
    qualifier: str = "",
    reference: str = "PMID:1",
    evidence: str = "PCS",
    onset: str = "",
    frequency: str = "",
    sex: str = "",
    modifier: str = "",
    aspect: str = "P",
    biocuration: str = "HPO:somebody[2020-05-01]",
) -> str:
    """One line of phenotype.hpoa."""
    cells = (*disease, qualifier, term, reference, evidence, onset, frequency, sex, modifier, aspect, biocuration)
    return "\t".join(cells)


ROWS = (
    row(MARFAN, "HP:0001166", frequency="124/197", reference="PMID:28050285;PMID:33436942"),
    row(MARFAN, "HP:0001083", frequency="119/251", modifier="HP:0012828", sex="MALE", onset="HP:0003577"),
    row(MARFAN, "HP:0002705", qualifier="NOT"),
    row(MARFAN, "HP:0000006", aspect="I"),
    row(MARFAN_ORPHA, "HP:0001166", frequency="HP:0040281", reference="ORPHA:558", evidence="TAS"),
    row(NAIL, "HP:0002705", frequency="0/12", biocuration="HPO:a[2012-04-08];HPO:b[2023-10-04]"),
    row(NAIL, "HP:0003577", aspect="C", frequency="3/4"),
    row(NAIL_ORPHA, "HP:0009999", frequency="HP:0040284", reference="ORPHA:2614", evidence="TAS"),
    row(HEART, "HP:0001166", frequency="45%"),
    row(LENS, "HP:0001083", evidence="IEA"),
    row(REGION, "HP:0002705", reference="DECIPHER:18"),
)

LINKS_JSON = '{"ORPHA:558": [["OMIM:154700", "BTNT"], ["OMIM:129600", "BTNT"]], "ORPHA:2614": [["OMIM:161200", "E"]]}\n'


def obo_text() -> str:
    """The ontology as OBO."""
    stanzas = [f"format-version: 1.2\ndata-version: hp/releases/{RELEASE}\n"]
    for term, (name, parents) in TERMS.items():
        lines = [f"[Term]\nid: {term}\nname: {name}"]
        lines += [f"alt_id: {older}" for older, current in ALTERNATIVE.items() if current == term]
        lines += [f"is_a: {parent}" for parent in parents]
        stanzas.append("\n".join(lines) + "\n")
    for term, successor in OBSOLETE.items():
        replaced = f"replaced_by: {successor}\n" if successor else "consider: HP:0001083\n"
        stanzas.append(f"[Term]\nid: {term}\nname: obsolete\nis_obsolete: true\n{replaced}")
    return "\n".join(stanzas)


def hpoa_text(rows: tuple[str, ...] = ROWS, *, header: str = HEADER, release: str = RELEASE) -> str:
    """The annotations as phenotype.hpoa."""
    comments = f"#version: {release}\n#hpo-version: http://example.org/hp/releases/{release}/hp.json\n"
    return comments + "\n".join((header, *rows)) + "\n"


def genes_text() -> str:
    """The genes as genes_to_phenotype.txt."""
    head = "ncbi_gene_id\tgene_symbol\thpo_id\thpo_name\tfrequency\tdisease_id\n"
    return head + "".join(
        f"{number}\t{symbol}\tHP:0001166\tArachnodactyly\t-\t{disease}\n" for number, symbol, disease in GENES
    )


def write_small_release(folder: Path, *, rows: tuple[str, ...] = ROWS, links: bool = False) -> Path:
    """Write the files of the release into a folder, with or without the table of cross-references; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "hp.obo").write_text(obo_text(), encoding="utf-8")
    (folder / "phenotype.hpoa").write_text(hpoa_text(rows), encoding="utf-8")
    (folder / "genes_to_phenotype.txt").write_text(genes_text(), encoding="utf-8")
    if links:
        (folder / "orpha2omim.json").write_text(LINKS_JSON, encoding="utf-8")
    return folder
