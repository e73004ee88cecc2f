"""What ranks: the version of the program and the checksum of its weights, so that a change of these is never taken for
one of knowledge.
"""

from __future__ import annotations

import hoofbeat
from hoofbeat.diagnosis.second_stage import weights_checksum

_LENGTH = 16


def engine() -> dict[str, str]:
    """The version, and the checksum of the weights."""
    return {"hoofbeat": hoofbeat.__version__, "weights": weights_checksum()[:_LENGTH]}
