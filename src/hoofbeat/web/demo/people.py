"""Who is in the demonstration: every person is fictional. Their findings are those that the HPO annotations name for a
disease; names, stories and dates are made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

CLINIC = "Riverside Rare Disease Clinic (demonstration)"
CONGENITAL = "HP:0003577"
PASSWORD = "a long walk along the river"


@dataclass(frozen=True)
class Colleague:
    """Somebody who works in the clinic."""

    key: str
    name: str
    email: str
    role: str


@dataclass(frozen=True)
class Relation:
    """Somebody's account in the portal: the patient's own, or a parent's."""

    name: str
    email: str
    patient: bool = False
    relation: str = ""


class Point(StrEnum):
    """How far along the path somebody is."""

    REFERRED = "referred"
    TOLD = "told"
    RANKED = "ranked"
    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Patient:
    """One patient. `findings` are stated in this order, one a visit, with what `onsets` says of when they began;
    `told` wait for a clinician's eye; `tests` were so many weeks ago. `genome` is a fictional file with the samples
    child, father, mother.
    """

    name: str
    born: str
    sex: str
    point: Point
    disease: str = ""
    called: str = ""
    needs: str = ""
    language: str = "en"
    findings: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    onsets: Mapping[str, str] = field(default_factory=dict)
    told: tuple[tuple[str, str], ...] = ()
    story: str = ""
    tests: tuple[tuple[str, str, int, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    relatives: tuple[tuple[str, str, str, str], ...] = ()
    messages: tuple[tuple[bool, str], ...] = ()
    document: str = ""
    genome: str = ""
    reason: str = ""
    withdrawn: str = ""
    people: tuple[Relation, ...] = ()
    team: tuple[str, ...] = field(default=("amara", "jonas"))
    weeks: int = 20


STAFF = (
    Colleague("admin", "Petra Sample", "administrator@demo.example", "administrator"),
    Colleague("amara", "Dr Amara Osei", "clinician@demo.example", "clinician"),
    Colleague("lena", "Dr Lena Fictiva", "clinician2@demo.example", "clinician"),
    Colleague("jonas", "Jonas Imago", "counsellor@demo.example", "counsellor"),
    Colleague("carla", "Carla Modell", "coordinator@demo.example", "coordinator"),
    Colleague("robin", "Dr Robin Esimerkki", "researcher@demo.example", "researcher"),
)

PATIENTS = (
    Patient(
        "Tomás Ficción", "2016-03-11", "male", Point.CONFIRMED, "OMIM:154700", called="Tomi", weeks=46,
        findings=("HP:0001166", "HP:0000098", "HP:0002650", "HP:0001083", "HP:0000767", "HP:0002616"),
        excluded=("HP:0001249",),
        onsets={"HP:0001166": CONGENITAL, "HP:0000098": "P2Y", "HP:0001083": "P5Y", "HP:0002650": "P8Y"},
        story="He was always the tallest in his class. At five his glasses changed every few months, and then the eye "
        "doctor said that the lens of the left eye had moved. His grandfather died suddenly at forty-one.",
        tests=(
            ("imaging", "Echocardiogram", 42, "Root of the aorta 3.1 standard deviations above the mean."),
            ("genetic", "Panel for disorders of connective tissue", 30, "Pathogenic variant in FBN1."),
        ),
        relatives=(
            ("mother", "Mother", "female", "no"), ("father", "Father, tall", "male", "yes"),
            ("sibling", "Sister, 7", "female", "unknown"),
        ),
        messages=(
            (False, "May he go on playing basketball until the next picture of his heart?"),
            (True, "Throwing and dribbling is fine; please no competitions until we have seen him in March."),
            (False, "Thank you, he took it better than I feared."),
        ),
        notes=(("preference", "He wants to be told things himself, before his parents decide."),),
        document="Letter of the cardiology department", team=("amara", "jonas", "carla"),
        reason="Ectopia lentis and an enlarged aortic root, with a pathogenic variant in FBN1.",
        people=(Relation("María Ficción", "parent@demo.example", relation="mother"),),
    ),
    Patient(
        "Ida Beispiel", "2006-09-02", "female", Point.RANKED, "OMIM:130050", weeks=30,
        needs="Prefers to be written to, not phoned.",
        findings=("HP:0000978", "HP:0001382", "HP:0000963", "HP:0001065"), excluded=("HP:0000098",),
        onsets={"HP:0000978": "P6Y", "HP:0001382": "P3Y"},
        story="I bruise from nothing. My skin is so thin that you see every vein. Last winter my knee gave way on the "
        "stairs. I have been told four different things by four doctors and I would like to know what it is.",
        told=(("HP:0005294", "I had a tear in an artery in my neck in May, the hospital has the pictures"),),
        tests=(("laboratory", "Clotting and platelets", 24, "Normal."),),
        messages=(
            (False, "Is it safe to fly next month?"),
            (True, "Let us talk about it on the phone before you book; Jonas calls you on Tuesday."),
        ),
        notes=(("lifestyle", "Studies in another city, climbs indoors twice a week."),),
        document="Letter of the vascular centre",
        people=(Relation("Ida Beispiel", "patient@demo.example", patient=True),),
    ),
    Patient(
        "Noé Exemple", "2019-06-20", "male", Point.SUSPECTED, "OMIM:163950", weeks=26, team=("lena", "jonas", "carla"),
        findings=("HP:0001642", "HP:0004322", "HP:0000316", "HP:0000494", "HP:0000465", "HP:0000028"),
        onsets={"HP:0001642": CONGENITAL, "HP:0004322": "P2Y", "HP:0000028": CONGENITAL},
        story="They heard a murmur on the second day. He is the smallest in kindergarten and the happiest.",
        tests=(("imaging", "Echocardiogram", 25, "Narrowing of the pulmonary valve, mild."),),
        relatives=(("mother", "Mother, short", "female", "unknown"), ("father", "Father", "male", "no")),
        messages=((True, "The laboratory has the sample. We expect the answer in about six weeks."),),
        genome="trio.vcf",
        people=(Relation("Claire Exemple", "parent2@demo.example", relation="mother"),),
    ),
    Patient(
        "Maja Przykład", "2021-01-15", "female", Point.TOLD, "OMIM:147920", weeks=9, language="pl",
        needs="Interpreter for Polish.",
        findings=("HP:0001263", "HP:0000637", "HP:0000218"),
        told=(
            ("HP:0001212", "the tips of her fingers are like little cushions"),
            ("HP:0007655", "her lower eyelids turn out a bit at the side"),
        ),
        story="She sat up at eleven months and walked at two and a half. She understands much more than she says.",
        messages=((False, "We found photographs of her as a baby, should we bring them?"),),
        people=(Relation("Ewa Przykład", "parent3@demo.example", relation="mother"),),
    ),
    Patient(
        "Selma Keksitty", "2014-11-30", "female", Point.CONFIRMED, "OMIM:122470", weeks=60, team=("lena", "jonas"),
        findings=("HP:0000664", "HP:0000527", "HP:0001510", "HP:0000252", "HP:0001007", "HP:0000347"),
        reason="The face, growth and small head together, and a pathogenic variant in NIPBL.",
        tests=(("genetic", "Exome of child and parents", 55, "Variant in NIPBL, new in the child."),),
        notes=(("preference", "Pictures and signs instead of long explanations."),),
        document="Letter of the laboratory",
    ),
    Patient(
        "Omar Mithal", "1998-04-08", "male", Point.CONFIRMED, "OMIM:277900", weeks=40, team=("amara", "lena"),
        findings=("HP:0001332", "HP:0001394", "HP:0010837", "HP:0200032"),
        reason="Copper rings in both eyes and low ceruloplasmin; two variants in ATP7B.",
        tests=(("laboratory", "Ceruloplasmin", 38, "0.07 g/l, low."),),
        relatives=(("sibling", "Brother, 21", "male", "unknown"),),
    ),
    Patient(
        "Hana Příkladová", "2020-08-23", "female", Point.WITHDRAWN, "OMIM:312750", weeks=52, team=("lena", "jonas"),
        findings=("HP:0002376", "HP:0012171", "HP:0001250", "HP:0002066"), excluded=("HP:0000253",),
        onsets={"HP:0002376": "P15M", "HP:0012171": "P18M", "HP:0001250": "P3Y"},
        story="Until she was fifteen months old she said mama and waved. Then it went, week by week.",
        reason="Loss of speech and hand use with wringing of the hands.",
        withdrawn="MECP2 is without a finding, and her head has grown normally. We look further.",
        tests=(("genetic", "Sequencing of MECP2", 20, "Nothing found."),),
    ),
    Patient(
        "Amina Tauira", "2012-02-17", "female", Point.CONFIRMED, "OMIM:191100", weeks=70, team=("amara", "carla"),
        findings=("HP:0009719", "HP:0001250", "HP:0009720", "HP:0009716", "HP:0006772"),
        reason="Five signs that together settle it by the published criteria.",
        tests=(("imaging", "MRI of the head", 64, "Nodules at the ventricles."),),
        document="Letter of the radiologist",
    ),
    Patient(
        "Luca Esempio", "2009-12-05", "male", Point.SUSPECTED, "OMIM:301050", weeks=18, team=("amara", "jonas"),
        findings=("HP:0000790", "HP:0000093", "HP:0000407"),
        tests=(("function", "Hearing test", 16, "Loss in the high tones on both sides."),),
        relatives=(
            ("mother", "Mother, blood in urine", "female", "unknown"), ("sibling", "Brother, 12", "male", "unknown"),
        ),
    ),
    Patient(
        "Ravi Udaharan", "1989-05-27", "male", Point.RANKED, "OMIM:301500", weeks=14, team=("amara", "lena"),
        findings=("HP:0003401", "HP:0000966", "HP:0001014"), excluded=("HP:0001249",),
        told=(("HP:0000093", "they once found protein in my urine at work"),),
        onsets={"HP:0003401": "P8Y", "HP:0000966": "P10Y", "HP:0001014": "P15Y"},
        story="Burning hands and feet since school, worst in summer. I do not sweat. Nobody ever put it together.",
        people=(Relation("Ravi Udaharan", "patient2@demo.example", patient=True),),
    ),
    Patient(
        "Greta Muster", "2017-10-09", "female", Point.RANKED, "OMIM:162200", weeks=11, team=("lena", "carla"),
        findings=("HP:0000957", "HP:0000997"),
        tests=(("other", "Visit to the eye doctor", 8, "Lens and retina without a finding."),),
    ),
    Patient(
        "Finn Eksempel", "2024-03-03", "male", Point.REFERRED, weeks=1, team=("amara", "carla"),
        story="Our paediatrician says we should be seen. Finn does not grow as the others do and he tires when he "
        "drinks. We do not know what to tell you and what not. Please ask us.",
        messages=((False, "Is there anything we should bring to the first visit?"),),
        people=(Relation("Ingrid Eksempel", "parent4@demo.example", relation="mother"),),
    ),
)  # fmt: skip
