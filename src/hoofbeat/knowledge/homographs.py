"""Names of findings that are also ordinary words of English: alone they are no mention of a finding. And ordinary words
that are one letter from such a name, and not mistyped.

Within a longer name each of them counts ("severe" in "severe scoliosis", "cold" in "cold hands"). Found by reading four
million characters of text that is not medical (documentation of software).
"""

from __future__ import annotations

from hoofbeat.knowledge.word_forms import word_form

# Word -> why it is no finding by itself.
_REASONS: dict[str, str] = {
    **dict.fromkeys(
        ["acute", "chronic", "severe", "mild", "stable", "onset", "diffuse", "focal", "cyclic", "sharp", "dull"],
        "says how a finding is, not that there is one",
    ),
    **dict.fromkeys(
        ["left", "right", "central", "lateral", "distal", "axial", "apical", "acral", "whorled"],
        "says where a finding is",
    ),
    **dict.fromkeys(["all", "healthy", "course", "normal", "abnormal"], "an ordinary word in any letter"),
    **dict.fromkeys(
        [
            "cutting",
            "falls",
            "sleep",
            "blush",
            "shudder",
            "sweat",
            "panting",
            "jumping",
            "hopping",
            "hitting",
            "kicking",
        ],
        "something that people do",
    ),
    **dict.fromkeys(
        [
            "fisting",
            "tearing",
            "flush",
            "mouth",
            "pile",
            "pants",
            "weak",
            "shock",
            "trance",
            "rosette",
            "squawks",
            "piles",
            "corn",
        ],
        "other senses",
    ),
    **dict.fromkeys(
        ["sad", "hostile", "anger", "inertia", "inert", "inactivity", "alone", "unresponsive", "vaping", "frailty"],
        "a mood or habit of anybody",
    ),
    **dict.fromkeys(
        ["cancer", "mole", "boil", "tumor", "tumour", "mass", "pain", "left-handed"], "says too little alone"
    ),
    **dict.fromkeys(["allergy", "allergies"], "a heading of every letter: Allergies: none known"),
    **dict.fromkeys(["tear", "tears"], "what anybody cries"),
    **dict.fromkeys(["tired", "sleepy"], "said of any evening"),
    **dict.fromkeys(
        ["arranging", "sorting", "order", "ordering", "collect", "jump", "bounce", "hoard", "slow"],
        "something that people do",
    ),
    "oncology": "a department",
    "tender": "a sign only where something is said to be tender",
    "limp": "hangs limp, or walks with a limp; only the phrase tells",
    **dict.fromkeys(["alex", "amelia", "melena"], "a first name"),
    "ranula": "rare, and one letter from the name of a place",
    "pica": "a unit of printing",
}

_FORMS = frozenset(word_form(word) for word in _REASONS)

# Right as they stand, though a letter makes a finding of them (autistic, paresthesia, neoplasm, ...).
NOT_MISTYPED = frozenset(
    [
        "parentheses", "resetting", "artistic", "agnostic", "academic", "indirection", "indirections",
        "ontology", "ontologies", "moderation", "proposes", "syringe", "syringes", "cyclone", "contractual",
        "canceled", "cancelled", "canceling", "aggressively", "blindly", "pyrex",
        # of any letter, and one or two letters from ophthalmoplegia and gastrostomy
        "ophthalmology", "ophthalmologic", "ophthalmological", "gastroscopy", "gastroscopies",
    ]
)  # fmt: skip


def is_homograph(word: str) -> bool:
    """Whether one word, in lower case, is an ordinary word that by itself is no mention of a finding."""
    return word in _REASONS or word_form(word) in _FORMS
