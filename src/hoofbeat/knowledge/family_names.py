"""Which of several names for laypeople a family is shown first: HPO lists them by alphabet, odd and outdated ones too.

The names themselves are those of HPO; here is only which comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Chosen by hand among the names that HPO marks as those of laypeople (ours): where the first by rule is odd.
BEST = {
    "HP:0000545": "Nearsightedness",
    "HP:0000540": "Farsightedness",
    "HP:0000252": "Small head",
    "HP:0000256": "Large head",
    "HP:0001382": "Flexible joints",
    "HP:0000463": "Upturned nose",
    "HP:0000219": "Thin upper lip",
    "HP:0000233": "Thin lips",
    "HP:0012471": "Full lips",
    "HP:0002808": "Round back",
    "HP:0001744": "Large spleen",
    "HP:0002240": "Enlarged liver",
    "HP:0001762": "Club foot",
    "HP:0001763": "Flat feet",
    "HP:0000520": "Protruding eyes",
    "HP:0000278": "Receding chin",
    "HP:0000347": "Small lower jaw",
    "HP:0000303": "Prominent lower jaw",
    "HP:0000708": "Behavioral problems",
    "HP:0002094": "Shortness of breath",
    "HP:0002020": "Acid reflux",
    "HP:0002015": "Swallowing difficulties",
    "HP:0000717": "Autism",
    "HP:0001344": "Lack of speech",
    "HP:0000692": "Crooked teeth",
    "HP:0011675": "Irregular heartbeat",
    "HP:0001770": "Webbed toes",
    "HP:0002829": "Joint pain",
    "HP:0000952": "Yellow skin",
    "HP:0001999": "Unusual facial appearance",
    "HP:0003236": "High serum creatine kinase",
    "HP:0001631": "Hole in heart wall separating two upper heart chambers",
    "HP:0100543": "Cognitive impairment",
    "HP:0000248": "Wide head shape",
    "HP:0000369": "Low set ears",
    "HP:0100840": "Sparse or absent eyebrows",
    "HP:0000979": "Red or purple spots on the skin",
    # Not every growth is cancer, and a word that frightens is not said without need.
    "HP:0004375": "Tumor of the nervous system",
    "HP:0008069": "Skin tumors",
    "HP:0009726": "Renal tumors",
    "HP:0010784": "Uterine tumor",
    "HP:0010788": "Testicular tumor",
    "HP:0100526": "Lung tumor",
    "HP:0100615": "Ovarian tumor",
    "HP:0100684": "Tumor of salivary gland",
}
# Names of HPO for laypeople that are of something else (ours): a family would answer another question. What
# grandparents have on their hands is not what a child with many lentigines has; not every birthmark is light brown; not
# everybody who had a seizure has epilepsy; and how a people's hair grows is no sign of a disease.
OF_SOMETHING_ELSE = {
    "HP:0001003": ("Liver spots",),
    "HP:0000957": ("Birthmark",),
    "HP:0007565": ("Multiple birthmarks",),
    "HP:0001250": ("Epilepsy",),
    "HP:0002224": ("Afro-textured hair", "Kinky hair texture", "Nappy hair texture"),
    "HP:0040149": ("Afro-textured scalp hair", "Kinky scalp hair texture", "Nappy scalp hair texture"),
}
# Names of HPO that it does not mark as those of laypeople, where no other is left and families use them (ours).
UNDERSTOOD = {"HP:0001250": "Seizures"}
# Words of doctors, and words that hurt: a name with them comes after one without.
_NOT_FIRST = re.compile(
    r"calvaria|crani|circumference|anomal|deform|malform|morpholog|histolog|\bglobes?\b|retard|deficien|dors|neuro"
    r"|auricular|dental|sternal|vertebr|menta[l-]|funny|stubby|nonspecific|less than \d|intelligence"
    r"|disease|cpk|\bck\b",
    re.IGNORECASE,
)


def best_first(hpo: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names of a term for laypeople, the plainest first; others stay in their order. One that is of something else
    is left out.
    """
    chosen, wrong = BEST.get(hpo), OF_SOMETHING_ELSE.get(hpo, ())
    right = [name for name in names if name not in wrong]
    if hpo in UNDERSTOOD:
        right.insert(0, UNDERSTOOD[hpo])
    return tuple(sorted(right, key=lambda name: (name != chosen, len(_NOT_FIRST.findall(name)))))
