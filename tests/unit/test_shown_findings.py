"""What each procedure of the shipped burden file can show: what it demonstrates itself, not what a look, a hand or a
question finds.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hoofbeat.diagnosis.next_step.procedures import shown_terms
from hoofbeat.interchange.burden_file import shipped_burdens
from hoofbeat.knowledge.actions import read_actions
from hoofbeat.knowledge.burden import Burdens
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.knowledge.sources import Role, Sources

# What is found at the bedside: by looking, feeling, moving, measuring with a tape, or asking.
BEDSIDE = {
    "HP:0000978": "Bruising susceptibility",
    "HP:0000421": "Epistaxis",
    "HP:0000132": "Menorrhagia",
    "HP:0000965": "Cutis marmorata",
    "HP:0001025": "Urticaria",
    "HP:0100585": "Telangiectasia of the skin",
    "HP:0001015": "Prominent superficial veins",
    "HP:0002619": "Varicose veins",
    "HP:0001382": "Joint hypermobility",
    "HP:0001376": "Limitation of joint mobility",
    "HP:0001371": "Flexion contracture",
    "HP:0002829": "Arthralgia",
    "HP:0001166": "Arachnodactyly",
    "HP:0001156": "Brachydactyly",
    "HP:0010442": "Polydactyly",
    "HP:0001159": "Syndactyly",
    "HP:0030084": "Clinodactyly",
    "HP:0001762": "Talipes equinovarus",
    "HP:0002857": "Genu valgum",
    "HP:0002970": "Genu varum",
    "HP:0000766": "Abnormal sternum morphology",
    "HP:0000252": "Microcephaly",
    "HP:0000256": "Macrocephaly",
    "HP:0000316": "Hypertelorism",
    "HP:0000272": "Malar flattening",
    "HP:0000347": "Micrognathia",
    "HP:0000508": "Ptosis",
    "HP:0000486": "Strabismus",
    "HP:0000592": "Blue sclerae",
    "HP:0001945": "Fever",
    "HP:0002045": "Hypothermia",
    "HP:0000952": "Jaundice",
    "HP:0001962": "Palpitations",
    "HP:0002027": "Abdominal pain",
    "HP:0003418": "Back pain",
    "HP:0002013": "Vomiting",
    "HP:0002014": "Diarrhea",
    "HP:0002019": "Constipation",
    "HP:0011968": "Feeding difficulties",
    "HP:0002015": "Dysphagia",
    "HP:0004299": "Hernia of the abdominal wall",
    "HP:0001537": "Umbilical hernia",
    "HP:0004322": "Short stature",
    "HP:0001252": "Hypotonia",
    "HP:0001263": "Global developmental delay",
    "HP:0001595": "Abnormal hair morphology",
    "HP:0001597": "Abnormal nail morphology",
}
# Of the test pairs, one of each procedure is what it is made for; where it had been said of it, one is what it is not.
SHOWS = {
    "MAXO:0000703": ("HP:0000518", "HP:0001083", "HP:0000545"),  # ophthalmologist: cataract, ectopia lentis, myopia
    "MAXO:0035004": ("HP:0000580", "HP:0000648"),  # fundoscopy: pigmentary retinopathy, optic atrophy
    "MAXO:0000973": ("HP:0000518", "HP:0007957", "HP:0000594", "HP:0001083"),  # slit lamp: lens, cornea, chamber
    "MAXO:0035012": ("HP:0001123",),
    "MAXO:0035103": ("HP:0000545",),
    "MAXO:0000873": ("HP:0000407",),
    "MAXO:0000682": ("HP:0005110", "HP:0001678"),
    "MAXO:0000787": ("HP:0003236", "HP:0002910", "HP:0001943", "HP:0002151", "HP:0003124"),
    "MAXO:0000789": ("HP:0000093", "HP:0003355"),
    "MAXO:0000609": ("HP:0430150",),
    "MAXO:0035005": ("HP:0000870", "HP:0002925"),
    "MAXO:0035011": ("HP:0025754",),
    "MAXO:0035026": ("HP:0004315",),
    "MAXO:0000829": ("HP:0004447",),
    "MAXO:0001509": ("HP:0001903", "HP:0001873", "HP:0001875", "HP:0001888", "HP:0001880"),
    "MAXO:0035055": ("HP:0005403",),
    "MAXO:0000836": ("HP:0008151", "HP:0003645"),
    "MAXO:0035019": ("HP:0030272",),
    "MAXO:0035018": ("HP:0034858",),
    "MAXO:0035054": ("HP:0003160",),
    "MAXO:0035047": ("HP:0001738",),
    "MAXO:0035094": ("HP:0003540",),
    "MAXO:0035122": ("HP:0003220",),
    "MAXO:0035007": ("HP:0002490", "HP:0002922"),
    "MAXO:0000900": ("HP:0001657", "HP:0011712"),
    "MAXO:0000932": ("HP:0002521",),
    "MAXO:0035099": ("HP:0000512",),
    "MAXO:0035059": ("HP:0000762",),
    "MAXO:0000595": ("HP:0000926", "HP:0000938", "HP:0002750", "HP:0003015", "HP:0002652", "HP:0010580"),
    "MAXO:0010356": ("HP:0002202",),
    "MAXO:0010203": ("HP:0001631", "HP:0001634", "HP:0001639", "HP:0002616", "HP:0004415"),
    "MAXO:0010217": ("HP:0000126", "HP:0000113", "HP:0000085", "HP:0000122"),
    "MAXO:0010200": ("HP:0001744", "HP:0002240", "HP:0001081"),
    "MAXO:0010204": ("HP:0002240",),
    "MAXO:0000427": ("HP:0001274", "HP:0001272", "HP:0002119", "HP:0002500"),
    "MAXO:0035014": ("HP:0003396",),
    "MAXO:0010317": ("HP:0100721",),
    "MAXO:0010316": ("HP:0002514",),
    "MAXO:0010318": ("HP:0001363",),
    "MAXO:0001259": ("HP:0005116", "HP:0004944"),
    "MAXO:0035118": ("HP:0002092",),
    "MAXO:0001184": ("HP:0002583",),
    "MAXO:0035037": ("HP:0002043",),
    "MAXO:0001121": ("HP:0000097",),
    "MAXO:0000387": ("HP:0003200",),
    "MAXO:0000376": ("HP:0001395",),
    "MAXO:0000366": ("HP:0001685",),
    "MAXO:0000753": ("HP:0005528",),
    "MAXO:0035098": ("HP:0012180",),
    "MAXO:0035020": ("HP:0011923",),
    "MAXO:0035023": ("HP:0034370",),
    "own:exploratory-surgery": ("HP:0002566", "HP:0002585"),
}
SHOWS_NOT = {
    "MAXO:0000703": ("HP:0000316", "HP:0000508", "HP:0000490", "HP:0200026"),
    "MAXO:0000973": ("HP:0000580", "HP:0000648", "HP:0000486"),
    "MAXO:0000682": ("HP:0001962", "HP:0001645"),
    "MAXO:0000787": ("HP:0001945", "HP:0000969", "HP:0002490", "HP:0000093", "HP:0001990"),
    "MAXO:0001509": ("HP:0000978", "HP:0000979", "HP:0000421", "HP:0005528", "HP:0002665", "HP:0004315", "HP:0003540"),
    "MAXO:0000595": ("HP:0001382", "HP:0001371", "HP:0000767", "HP:0001166", "HP:0000252", "HP:0000347", "HP:0002650"),
    "MAXO:0010203": ("HP:0031333", "HP:0001700", "HP:0005110"),
    "MAXO:0010217": ("HP:0000097", "HP:0000099", "HP:0001970"),
    "MAXO:0000427": ("HP:0000252", "HP:0000824", "HP:0000870"),
    "MAXO:0001259": ("HP:0000978", "HP:0001744", "HP:0002716", "HP:0000965", "HP:0000509"),
    "own:exploratory-surgery": ("HP:0002013", "HP:0002019", "HP:0000023", "HP:0002015", "HP:0002240"),
}


def shown_by(facts: Facts, burdens: Burdens) -> dict[str, set[str]]:
    shown = shown_terms(Knowledge.of(facts), burdens, False)
    ontology = facts.ontology
    return {
        action: {ontology.id(int(t)) for t in terms} for action, terms in zip(shown.actions, shown.terms, strict=True)
    }


@pytest.fixture(scope="module")
def shown(hpo_facts: Facts) -> dict[str, set[str]]:
    return shown_by(hpo_facts, shipped_burdens())


def families(wanted: bool) -> list[str]:
    """Rows that say what they show: examinations by a person, or what is done with a machine, a needle or a knife."""
    return [r.id for r in shipped_burdens().rows.values() if r.shows and (r.family == "examination") is wanted]


def test_every_term_of_the_file_is_a_finding_in_use(hpo_facts: Facts) -> None:
    ontology = hpo_facts.ontology
    for row in shipped_burdens().rows.values():
        for term in (*row.shows, *row.shows_not):
            place = ontology.index(term)
            assert place is not None, f"{row.name}: {term} is no term of this release"
            assert ontology.is_phenotype[place], f"{row.name}: {term} is no finding"


def test_no_term_of_a_row_says_again_what_another_says(hpo_facts: Facts) -> None:
    for row in shipped_burdens().rows.values():
        for one in row.shows:
            above = {
                hpo_facts.ontology.id(int(a)) for a in hpo_facts.ontology.ancestors[place(hpo_facts.ontology, one)]
            }
            assert not (above - {one}) & set(row.shows), f"{row.name}: {one} is below another term of its row"


@pytest.mark.parametrize("action", families(wanted=False))
def test_no_procedure_is_said_to_show_what_a_bedside_look_finds(action: str, shown: dict[str, set[str]]) -> None:
    assert {BEDSIDE[one] for one in shown[action] & set(BEDSIDE)} == set()


def test_the_bedside_findings_are_named_as_the_ontology_names_them(hpo_facts: Facts) -> None:
    ontology = hpo_facts.ontology
    assert {one: ontology.name(place(ontology, one)) for one in BEDSIDE} == BEDSIDE


def test_every_row_that_says_what_it_shows_has_its_examples_here() -> None:
    assert set(SHOWS) == {*families(wanted=True), *families(wanted=False)}


@pytest.mark.parametrize(("action", "terms"), SHOWS.items())
def test_a_procedure_shows_what_it_is_made_for(action: str, terms: tuple[str, ...], shown: dict[str, set[str]]) -> None:
    assert set(terms) - shown[action] == set()


@pytest.mark.parametrize(("action", "terms"), SHOWS_NOT.items())
def test_a_procedure_does_not_show_what_is_found_otherwise(
    action: str, terms: tuple[str, ...], shown: dict[str, set[str]], hpo_facts: Facts
) -> None:
    assert all(hpo_facts.ontology.index(one) is not None for one in terms)
    assert set(terms) & shown[action] == set()


def place(ontology: Ontology, term: str) -> int:
    found = ontology.index(term)
    assert found is not None, term
    return found


def test_what_a_row_leaves_out_is_left_out_of_what_maxo_says_too(shared_data: Path, hpo_facts: Facts) -> None:
    """MAxO says of a radiograph that it shows every abnormality of the skeleton."""
    folder = shared_data / "maxo"
    if not (folder / "maxo.obo").is_file():
        pytest.skip(f"{folder} is missing: optional data")
    paths = Sources.in_folder(folder).paths
    actions, _ = read_actions(paths[Role.ACTIONS], paths[Role.OBSERVABILITY], hpo_facts.ontology)
    facts = replace(hpo_facts, actions=actions)
    shown = shown_by(facts, shipped_burdens(actions=actions))
    radiograph = shown["MAXO:0000595"]
    assert "HP:0010580" in radiograph
    assert not radiograph & {"HP:0001382", "HP:0001371", "HP:0001166", "HP:0000252", "HP:0010442", "HP:0000767"}
