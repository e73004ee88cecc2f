"""What a file says that ClinVar, or the laboratory itself, holds of an allele."""

from __future__ import annotations

import re

from hoofbeat.cases.called_variant import ClinVar
from hoofbeat.cases.reported import AcmgClassification

CLINVAR_FIELDS = ("CLNSIG", "clinvar_sig", "clinvar_clnsig", "CLIN_SIG", "ClinVar_CLNSIG", "clinvar_20", "CLINVAR")
ACMG_FIELDS = ("ACMG", "ACMG_class", "ACMG_classification", "acmg_class")

_SEPARATORS = re.compile(r"[&/|,;:]+")
_CLASSES = {
    "pathogenic": ClinVar.PATHOGENIC,
    "likely_pathogenic": ClinVar.LIKELY_PATHOGENIC,
    "pathogenic_low_penetrance": ClinVar.PATHOGENIC,
    "uncertain_significance": ClinVar.UNCERTAIN,
    "likely_benign": ClinVar.LIKELY_BENIGN,
    "benign": ClinVar.BENIGN,
}
# The numbers of VCF files of ClinVar before 2017.
_NUMBERS = {
    "5": ClinVar.PATHOGENIC,
    "4": ClinVar.LIKELY_PATHOGENIC,
    "0": ClinVar.UNCERTAIN,
    "3": ClinVar.LIKELY_BENIGN,
    "2": ClinVar.BENIGN,
}
_ACMG = {
    "p": AcmgClassification.PATHOGENIC,
    "lp": AcmgClassification.LIKELY_PATHOGENIC,
    "vus": AcmgClassification.UNCERTAIN_SIGNIFICANCE,
    "lb": AcmgClassification.LIKELY_BENIGN,
    "b": AcmgClassification.BENIGN,
    "5": AcmgClassification.PATHOGENIC,
    "4": AcmgClassification.LIKELY_PATHOGENIC,
    "3": AcmgClassification.UNCERTAIN_SIGNIFICANCE,
    "2": AcmgClassification.LIKELY_BENIGN,
    "1": AcmgClassification.BENIGN,
    "pathogenic": AcmgClassification.PATHOGENIC,
    "likely_pathogenic": AcmgClassification.LIKELY_PATHOGENIC,
    "uncertain_significance": AcmgClassification.UNCERTAIN_SIGNIFICANCE,
    "likely_benign": AcmgClassification.LIKELY_BENIGN,
    "benign": AcmgClassification.BENIGN,
}


def clinvar_class(text: str) -> ClinVar | None:
    """The class that a text states, the stronger of two on one side; conflicting where it states both sides; None where
    it states nothing.
    """
    words = [word.strip().lower().replace(" ", "_").lstrip("_") for word in _SEPARATORS.split(text)]
    words = [word for word in words if word and word != "."]
    if not words:
        return None
    if any("conflict" in word for word in words):
        return ClinVar.CONFLICTING
    found = [_CLASSES[word] for word in words if word in _CLASSES] or [_NUMBERS[w] for w in words if w in _NUMBERS]
    if not found:
        return ClinVar.OTHER
    if any(one.is_pathogenic for one in found) and any(not one.is_pathogenic for one in found):
        return ClinVar.CONFLICTING
    order = (ClinVar.PATHOGENIC, ClinVar.LIKELY_PATHOGENIC, ClinVar.UNCERTAIN, ClinVar.BENIGN, ClinVar.LIKELY_BENIGN)
    return next(one for one in order if one in found)


def acmg_class(text: str) -> AcmgClassification | None:
    """The laboratory's class that a text states; None where it states nothing. Raises ValueError on another word."""
    word = text.strip().lower().replace(" ", "_").replace("class_", "")
    if word in ("", ".", "not_provided"):
        return None
    if word not in _ACMG:
        raise ValueError("not a class: give P, LP, VUS, LB or B")
    return _ACMG[word]
