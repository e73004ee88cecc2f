"""Which genes and diseases are mostly expansions of repeats: short reads do not show them, and a test of its own does.

From textbooks, for a geneticist to extend (ours).
"""

from __future__ import annotations

# Symbols in capitals, of genes whose diseases are all mostly such expansions.
REPEAT_GENES = frozenset(
    (
        *("ATN1", "ATXN1", "ATXN2", "ATXN3", "ATXN7", "ATXN8OS", "ATXN10", "BEAN1", "C9ORF72", "CNBP", "CSTB", "DMPK"),
        *("FMR1", "FXN", "HTT", "JPH3", "NOP56", "NOTCH2NLC", "PABPN1", "PPP2R2B", "RFC1", "TBP"),
    )
)
# Of genes that short reads show for other diseases, or for other variants.
REPEAT_DISEASES = (
    *("OMIM:309548", "ORPHA:100973"),  # FRAXE, of AFF2
    *("OMIM:313200", "ORPHA:481"),  # spinal and bulbar muscular atrophy, of AR
    *("OMIM:183086", "ORPHA:98758"),  # spinocerebellar ataxia 6, of CACNA1A
)
