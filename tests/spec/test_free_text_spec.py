"""What is found in free text, one example a row; the page `docs/reference/free-text.md` is made from these examples."""

from collections.abc import Callable

import pytest

from hoofbeat.interchange.text.find import find_terms
from hoofbeat.interchange.text.mention import Mention
from hoofbeat.knowledge.lexicon import Lexicon

PAGE = "docs/reference/free-text.md"

# Heading -> what it says -> examples: a text, and what is found ("words: finding, what is said of it").
EXAMPLES: dict[str, tuple[str, list[tuple[str, list[str]]]]] = {
    "Names": (
        "A finding is found by its label and its synonyms, in British or American spelling, singular or plural, "
        "as noun or "
        "adjective, and with its words in another order. The longest name counts. Nothing is found within "
        "another word.",
        [
            ("There is ataxia.", ["ataxia: Ataxia, present"]),
            ("He is ataxic.", ["ataxic: Ataxia, present"]),
            (
                "Severe intellectual disability.",
                ["Severe intellectual disability: Intellectual disability, severe, present"],
            ),
            ("Dilatation of the aortic root.", ["Dilatation of the aortic root: Aortic root aneurysm, present"]),
            ("Hypoglycaemia after fasting.", ["Hypoglycaemia: Hypoglycemia, present"]),
            ("The palate is high.", ["palate is high: High palate, present"]),
            ("Enlarged left ventricle.", ["Enlarged left ventricle: Left ventricular dilatation, present"]),
            (
                "Enlarged left lateral ventricle.",
                ["Enlarged left lateral ventricle: Lateral ventricle dilatation, present"],
            ),
            ("All were fit; the CAT scan was hot news.", []),
        ],
    ),
    "Words shared by two names": (
        "Where two names share a word, both are found; so are several adjectives of one noun.",
        [
            (
                "Atrial and ventricular septal defects.",
                [
                    "Atrial: Atrial septal defect, present",
                    "ventricular septal defects: Ventricular septal defect, present",
                ],
            ),
            ("Hyper- and hypotonia.", ["Hyper: Hypertonia, present", "hypotonia: Hypotonia, present"]),
            (
                "No large, low-set, posteriorly rotated ears.",
                [
                    "large: Macrotia, negated",
                    "low-set: Low-set ears, negated",
                    "posteriorly rotated ears: Posteriorly rotated ears, negated",
                ],
            ),
            ("A short webbed neck.", ["short: Short neck, present", "webbed neck: Webbed neck, present"]),
            (
                "A prolonged febrile seizure.",
                ["febrile seizure: Febrile seizure (within the age range of 3 months to 6 years), present"],
            ),
            ("Small hands and feet.", ["Small hands: Small hand, present", "feet: Short foot, present"]),
        ],
    ),
    "Typing errors and abbreviations": (
        "One wrong, missing or exchanged letter is forgiven in words of seven letters and more, two in words of "
        "eleven and more. "
        "Abbreviations count in capitals only; one with several meanings is read by the words beside it, or not "
        "at all.",
        [
            ("Scolisis was seen.", ["Scolisis: Scoliosis, present"]),
            ("ASD and VSD on echo.", ["ASD: Atrial septal defect, present", "VSD: Ventricular septal defect, present"]),
            (
                "ASD and ADHD.",
                ["ASD: Autistic behavior, present", "ADHD: Attention deficit hyperactivity disorder, present"],
            ),
            ("AS was in clinic.", []),
        ],
    ),
    "Denied": (
        "A denial reaches along a list, and ends at a verb, at 'but', at a semicolon, and with a line of its own. "
        "Something said to be "
        "normal denies its "
        "opposite. 'No change in' and the like deny nothing, and what is denied twice is there.",
        [
            ("Absent clonus, absent reflexes.", ["clonus: Clonus, negated", "absent reflexes: Areflexia, present"]),
            ("Normal, low-set ears.", ["low-set ears: Low-set ears, present"]),
            ("Not without tremor.", ["tremor: Tremor, present"]),
            (
                "No ataxia, chorea or tremor, but dystonia.",
                [
                    "ataxia: Ataxia, negated",
                    "chorea: Chorea, negated",
                    "tremor: Tremor, negated",
                    "dystonia: Dystonia, present",
                ],
            ),
            ("Ectopia lentis was ruled out.", ["Ectopia lentis: Ectopia lentis, negated"]),
            ("Hearing is normal.", ["Hearing is normal: Hearing impairment, negated"]),
            ("No change in the scoliosis.", ["scoliosis: Scoliosis, present"]),
            ("Not only ataxia but also chorea.", ["ataxia: Ataxia, present", "chorea: Chorea, present"]),
            (
                "MVP without MR. Hip dislocation.",
                [
                    "MVP: Mitral valve prolapse, present",
                    "MR: Mitral regurgitation, negated",
                    "Hip dislocation: Hip dislocation, present",
                ],
            ),
            ("Seizures: no. Ataxia: yes.", ["Seizures: Seizure, negated", "Ataxia: Ataxia, present"]),
        ],
    ),
    "Lines, lists and forms": (
        "A line says something of its own, unless it goes on: a comma, 'or' or a preposition at its end, a small word "
        "at the beginning of the next one, no room left for the next word, or a stop further on show that. "
        "A line with a colon at its end is said of the list below it.",
        [
            ("no seizures\nataxia", ["seizures: Seizure, negated", "ataxia: Ataxia, present"]),
            ("no seizures or\nataxia", ["seizures: Seizure, negated", "ataxia: Ataxia, negated"]),
            ("No seizures\nin the last year", ["seizures: Seizure, negated"]),
            (
                "Denies:\n- seizures\n- ataxia\n\nTremor",
                ["seizures: Seizure, negated", "ataxia: Ataxia, negated", "Tremor: Tremor, present"],
            ),
            ("Mother has:\n- migraine", ["migraine: Migraine, family (mother)"]),
            ("Seizures ..... no\nAtaxia ..... yes", ["Seizures: Seizure, negated", "Ataxia: Ataxia, present"]),
            ("Seizures\nNo\nAtaxia\nYes", ["Seizures: Seizure, negated", "Ataxia: Ataxia, present"]),
            ("Seizures: not assessed", ["Seizures: Seizure, uncertain"]),
        ],
    ),
    "Uncertain, past, looked for": (
        "These count for nothing until somebody says more.",
        [
            ("Possible ptosis.", ["ptosis: Ptosis, uncertain"]),
            ("Optic atrophy could not be ruled out.", ["Optic atrophy: Optic atrophy, uncertain"]),
            ("A Chiari malformation could not be excluded.", ["Chiari malformation: Chiari malformation, uncertain"]),
            ("There is a possible cleft palate.", ["cleft palate: Cleft palate, uncertain"]),
            ("She bruises, and possibly has mild scoliosis.", ["scoliosis: Scoliosis, uncertain"]),
            ("It is likely that he has ataxia.", ["ataxia: Ataxia, uncertain"]),
            ("Ptosis has not been confirmed.", ["Ptosis: Ptosis, uncertain"]),
            ("Scoliosis was discussed.", ["Scoliosis: Scoliosis, uncertain"]),
            ("His scoliosis was discussed.", ["scoliosis: Scoliosis, present"]),
            ("We explained arrhythmia to the parents.", ["arrhythmia: Arrhythmia, uncertain"]),
            ("She had hypotonia as an infant.", ["hypotonia: Hypotonia, past"]),
            ("Hypotonia since infancy.", ["Hypotonia: Hypotonia, present"]),
            ("Past medical history: pneumonia.", ["pneumonia: Pneumonia, past"]),
            ("MRI to rule out hydrocephalus.", ["hydrocephalus: Hydrocephalus, planned"]),
            ("EEG if seizures recur.", ["seizures: Seizure, planned"]),
            ("Seizures vs syncope.", ["Seizures: Seizure, uncertain", "syncope: Syncope, uncertain"]),
            ("Ophthalmology review for strabismus.", ["strabismus: Strabismus, planned"]),
        ],
    ),
    "Relatives": (
        "What is said of a relative is never said of the patient, whether the relative has it or not.",
        [
            ("Her mother has scoliosis.", ["scoliosis: Scoliosis, family (mother)"]),
            (
                "His mother does not have myopia, but he does have ptosis.",
                ["myopia: Myopia, family (mother)", "ptosis: Ptosis, present"],
            ),
            ("Family history: a maternal aunt with ataxia.", ["ataxia: Ataxia, family (maternal aunt)"]),
            ("No family history of seizures.", ["seizures: Seizure, family (family)"]),
            ("Nobody in the family has ataxia.", ["ataxia: Ataxia, family (family)"]),
            (
                "Myopia (mother), ptosis (MGM).",
                ["Myopia: Myopia, family (mother)", "ptosis: Ptosis, family (maternal grandmother)"],
            ),
            ("The mother reports vomiting.", ["vomiting: Vomiting, present"]),
            ("Like his brother, he has ptosis.", ["ptosis: Ptosis, present"]),
            ("Both he and his older brother have ptosis.", ["ptosis: Ptosis, present"]),
            (
                "He has ptosis, and his brother has ataxia.",
                ["ptosis: Ptosis, present", "ataxia: Ataxia, family (brother)"],
            ),
        ],
    ),
    "In families' words": (
        "Plain names of the ontology, and what parents say.",
        [
            ("She has long thin fingers.", ["long thin fingers: Arachnodactyly, present"]),
            ("My son can't walk yet.", ["can't walk: Inability to walk, present"]),
            ("Her eyes wobble.", ["eyes wobble: Nystagmus, present"]),
        ],
    ),
}

INTRODUCTION = """\
# Free text: what is found and what is not

Made by `make docs` from `tests/spec/test_free_text_spec.py`. The sentences are fictional; ⏎ stands for
the end of a line.

`hoofbeat read NOTE.txt` shows the findings that a note mentions, `hoofbeat rank --text NOTE.txt` ranks with them, and
`find_terms(text, lexicon)` gives them in Python. English only. **Everything found is a proposal: nothing of it is known
of the patient until somebody confirms it.** `rank --text` says so in its notes, takes what is present as observed and
what is denied as excluded, and lists the rest as not used.
"""
LIMITS = """
## Limits

- A note has at most 2 MB. UTF-8, UTF-16 with its mark, else Windows-1252 with a warning.
- Numbers ("head 46 cm at 2 years") are not read yet, nor is handwriting, nor a PDF.
- A pronoun in another sentence is taken for the patient, outside a family history.
- How often it is right, on sentences of our own: see [benchmarks](benchmarks.md).
"""


def _told(mention: Mention) -> str:
    who = f" ({mention.who})" if mention.who else ""
    return f"{mention.text}: {mention.label}, {mention.assertion}{who}"


def _shown(text: str) -> str:
    """A text in a cell of a table: a line end as a sign, for the cell is one line."""
    return text.replace("\n", " ⏎ ")


@pytest.mark.parametrize(
    ("text", "expected"), [pytest.param(*one, id=one[0]) for _, examples in EXAMPLES.values() for one in examples]
)
def test_a_text_says(text: str, expected: list[str], lexicon: Lexicon) -> None:
    assert [_told(one) for one in find_terms(text, lexicon)] == expected


def test_the_page_is_made_from_the_examples(generated_doc: Callable[[str, str], None]) -> None:
    page = INTRODUCTION
    for heading, (says, examples) in EXAMPLES.items():
        page += f"\n## {heading}\n\n{says}\n\n| text | found |\n| --- | --- |\n"
        page += "".join(f"| {_shown(text)} | {'; '.join(found) or 'nothing'} |\n" for text, found in examples)
    generated_doc(PAGE, page + LIMITS)
