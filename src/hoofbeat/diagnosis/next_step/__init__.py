"""The next best step: which question, procedure or genetic test tells most for what it asks of the patient."""

from hoofbeat.diagnosis.next_step.next_step import next_step
from hoofbeat.diagnosis.next_step.protocol import Protocol, ProtocolNode, protocol
from hoofbeat.diagnosis.next_step.suggestion import AnswerEffect, Place, StepKind, Suggestion, Veto

__all__ = [
    "AnswerEffect",
    "Place",
    "Protocol",
    "ProtocolNode",
    "StepKind",
    "Suggestion",
    "Veto",
    "next_step",
    "protocol",
]
