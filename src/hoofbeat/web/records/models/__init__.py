"""What the clinic keeps of each patient. One file per noun; nothing is saved but by `hoofbeat.web.records.actions`."""

from hoofbeat.web.records.models.assent import Assent
from hoofbeat.web.records.models.background import BackgroundNote, EarlierTest
from hoofbeat.web.records.models.care import Message, Visit
from hoofbeat.web.records.models.consent import Consent, Disclosure
from hoofbeat.web.records.models.diagnosis import Confirmation, RankingSnapshot, SharedDifferential
from hoofbeat.web.records.models.dissent import Dissent
from hoofbeat.web.records.models.document import Document
from hoofbeat.web.records.models.family import FamilyMember
from hoofbeat.web.records.models.finding import RecordedFinding
from hoofbeat.web.records.models.genome import Genome, GenomeQuestion, GenomeVariant
from hoofbeat.web.records.models.next_step import AskedQuestion, SharedPlan, StepMark
from hoofbeat.web.records.models.ranking_change import RankingChange
from hoofbeat.web.records.models.record import Record
from hoofbeat.web.records.models.story import StoryEntry
from hoofbeat.web.records.models.task import Assignment, Task

__all__ = [
    "AskedQuestion",
    "Assent",
    "Assignment",
    "BackgroundNote",
    "Confirmation",
    "Consent",
    "Disclosure",
    "Dissent",
    "Document",
    "EarlierTest",
    "FamilyMember",
    "Genome",
    "GenomeQuestion",
    "GenomeVariant",
    "Message",
    "RankingChange",
    "RankingSnapshot",
    "Record",
    "RecordedFinding",
    "SharedDifferential",
    "SharedPlan",
    "StepMark",
    "StoryEntry",
    "Task",
    "Visit",
]
