"""Damaged packets, by a hundred seeded ways of damage.

Always a report or InputError, never anything else, and leaves add up.
"""

import contextlib
import copy
import json
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hoofbeat.interchange.archive import documents
from hoofbeat.interchange.imported import Imported
from hoofbeat.interchange.phenopacket import write
from hoofbeat.interchange.report import InputError
from hoofbeat.interchange.sources import read_cases
from tests.packets import ONTOLOGY, leaf_counts, read, solved_packet, version1_packet

Damage = Callable[[random.Random, bytes], bytes]
ODD: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1e300,
    10**29,
    "",
    "x",
    "\u202e",
    "HP:0001250",
    "P-3Y",
    [],
    {},
    [[]],
    [None],
    {"a": {}},
    {"id": 5},
]


def flip_bytes(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 20)):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def truncate(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data))]


def duplicate_a_stretch(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data))
    end = min(len(data), start + rng.randint(1, 200))
    return data[:end] + data[start:end] + data[end:]


def repeat_a_key(rng: random.Random, data: bytes) -> bytes:
    return data.replace(b'"id":', b'"id": "again", "id":', rng.randint(1, 3))


def huge_number(rng: random.Random, data: bytes) -> bytes:
    return data.replace(b"true", b"9" * rng.randint(20, 500), 1).replace(b'"P3Y6M"', b"1e400", rng.randint(0, 1))


def _nodes(tree: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a tree."""
    found: list[tuple[Any, Any]] = []
    stack = [tree]
    while stack:
        one = stack.pop()
        keys = list(one) if isinstance(one, dict) else range(len(one)) if isinstance(one, list) else []
        for key in keys:
            found.append((one, key))
            stack.append(one[key])
    return found


def swap_types(rng: random.Random, data: bytes) -> bytes:
    tree = json.loads(data)
    for _ in range(rng.randint(1, 3)):
        holder, key = rng.choice(_nodes(tree))
        holder[key] = copy.deepcopy(rng.choice(ODD))
    return json.dumps(tree).encode()


def move_a_branch(rng: random.Random, data: bytes) -> bytes:
    tree = json.loads(data)
    nodes = _nodes(tree)
    (one, key), (other, place) = rng.choice(nodes), rng.choice(nodes)
    other[place] = copy.deepcopy(one[key])
    return json.dumps(tree).encode()


def rename_a_field(rng: random.Random, data: bytes) -> bytes:
    tree = json.loads(data)
    holder, key = rng.choice([(one, key) for one, key in _nodes(tree) if isinstance(one, dict)])
    holder[rng.choice(["negated", "excluded", "onset", "type", "proband", "members", "genes", "a/b~c"])] = holder.pop(
        key
    )
    return json.dumps(tree).encode()


# A long search for new failures: HOOFBEAT_FUZZ_SEEDS=5000 pytest tests/security/test_damaged_packets.py
SEEDS = int(os.environ.get("HOOFBEAT_FUZZ_SEEDS", "60"))

DAMAGES: tuple[Damage, ...] = (
    flip_bytes,
    truncate,
    duplicate_a_stretch,
    repeat_a_key,
    huge_number,
    swap_types,
    move_a_branch,
    rename_a_field,
)


def check(data: bytes) -> Imported:
    """Read damaged bytes; whatever comes of it must be accounted for, and can be written."""
    imported = read(data)
    report = imported.report
    assert imported.cases or report.errors
    assert report.accepted == bool(imported.cases)
    assert all(message.what and len(message.value) <= 80 for message in report.messages)
    json.dumps(report.to_json())
    if not any(code.startswith("json-") for code, _ in report.counts):
        assert report.leaves.total == sum(leaf_counts(json.loads(data)).values())
    for case in imported.cases:
        once = write(case, ontology=ONTOLOGY)
        again = read(once)
        assert [one.observed for one in again.cases] == [case.observed]
        assert write(again.cases[0], ontology=ONTOLOGY) == once
    return imported


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: str(damage.__name__))
@pytest.mark.parametrize("made", [solved_packet, version1_packet], ids=lambda made: str(made.__name__))
def test_a_damaged_packet_gives_a_report(damage: Damage, made: Callable[[], dict[str, Any]]) -> None:
    data = json.dumps(made(), indent=1).encode()
    for seed in range(SEEDS):
        check(damage(random.Random(f"{damage.__name__} {seed}"), data))


def test_a_damaged_real_packet_gives_a_report(shared_data: Path) -> None:
    rng = random.Random("real packets")
    chosen = [one.data for one in documents(shared_data / "phenopackets" / "phenopackets-dev.zip")][::325]
    assert len(chosen) == 20
    for data in chosen:
        for damage in DAMAGES:
            read(damage(rng, data))


def test_a_damaged_archive_gives_a_report_or_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(3):
            made.writestr(f"{number}.json", json.dumps(solved_packet()))
    data = path.read_bytes()
    for damage in (flip_bytes, truncate, duplicate_a_stretch):
        for seed in range(60):
            path.write_bytes(damage(random.Random(f"{damage.__name__} {seed}"), data))
            with contextlib.suppress(InputError):
                list(read_cases(path, ontology=ONTOLOGY))
