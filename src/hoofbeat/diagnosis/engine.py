"""What ranks: the version of the program and the checksum of its weights, so that a change of these is never taken for
one of knowledge.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files

import hoofbeat
from hoofbeat.diagnosis.second_stage import WEIGHTS_FILE

_LENGTH = 16


@lru_cache
def _weights() -> str:
    weights = files("hoofbeat.diagnosis").joinpath(WEIGHTS_FILE).read_bytes()
    return hashlib.sha256(weights).hexdigest()[:_LENGTH]


def engine() -> dict[str, str]:
    """The version, and the checksum of the weights."""
    return {"hoofbeat": hoofbeat.__version__, "weights": _weights()}
