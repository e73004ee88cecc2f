"""What was found in a text, for programs: one JSON document per text, on one line. The fields are a contract; see the
reference page of the command line.
"""

from __future__ import annotations

from typing import Any

from hoofbeat.cli.presentation.json_lines import json_line
from hoofbeat.interchange.text.mention import Mention
from hoofbeat.interchange.text.reader import ReadText


def read_line(file: str, read: ReadText) -> str:
    """One line, without its end; offsets count characters of the text from 0."""
    notes = [{"what": one.what, "repair": one.repair, **one.where.to_json()} for one in read.messages]
    return json_line({"file": file, "mentions": [_mention(one) for one in read.mentions], "notes": notes})


def _mention(one: Mention) -> dict[str, Any]:
    return {
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "hpo": one.hpo,
        "label": one.label,
        "assertion": one.assertion.value,
        "who": one.who or None,
        "of_relative": None if one.of_relative is None else one.of_relative.value,
        "how": one.how.value,
        "section": one.section or None,
    }
