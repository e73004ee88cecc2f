"""A hundred damaged packets, made from real ones: each is ranked or refused, and nothing ends in a traceback."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from hoofbeat.cli.main import run
from tests.conftest import ROOT

PACKETS = sorted((ROOT / "src" / "hoofbeat" / "examples").glob("*.json"))
VARIANTS = 100
STRANGE: tuple[Any, ...] = (None, 0, -1, 1e308, "", "\u0000", "HP:", [], {}, [[]], {"a": {}}, True, "x" * 10_000)


def damaged_bytes(data: bytes, chance: random.Random) -> bytes:
    """A byte changed, a piece lost, a piece twice, or the end cut off."""
    start = chance.randrange(len(data))
    end = min(len(data), start + chance.randrange(1, 60))
    return chance.choice(
        (
            data[:start] + bytes([chance.randrange(256)]) + data[start + 1 :],
            data[:start] + data[end:],
            data[:end] + data[start:],
            data[:start],
        )
    )


def damaged_value(value: Any, chance: random.Random) -> Any:
    """The same tree with something strange at one place in it."""
    if isinstance(value, dict) and value and chance.random() < 0.85:
        key = chance.choice(sorted(value))
        return {**value, key: damaged_value(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.85:
        at = chance.randrange(len(value))
        return [*value[:at], damaged_value(value[at], chance), *value[at + 1 :]]
    return chance.choice(STRANGE)


def test_damaged_packets_are_ranked_or_refused_and_never_end_in_a_traceback(
    tmp_path: Path, knowledge_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOOFBEAT_HOME", str(knowledge_home))
    for number in range(VARIANTS):
        chance = random.Random(number)
        data = chance.choice(PACKETS).read_bytes()
        if number % 2:
            data = damaged_bytes(data, chance)
        else:
            data = json.dumps(damaged_value(json.loads(data), chance)).encode()
        (tmp_path / f"{number:03d}.json").write_bytes(data)

    assert run(["rank", str(tmp_path), "--format", "json", "--top", "1"]) == 0

    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    assert "unexpected" not in captured.err
    documents = [json.loads(line) for line in captured.out.splitlines()]
    refused = [document for document in documents if "error" in document]
    assert len(documents) >= VARIANTS
    assert 20 < len(refused) < VARIANTS
    assert all(document["error"] and document["file"] for document in refused)
