"""The frozen results: the files that the README and the reference quote, each made again by one command."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).resolve().parent / "results"
BENCHMARK, BENCH, HPO3, EXOMES = "benchmark.json", "bench.json", "hpo3.json", "exomes.json"
# The application, on each database.
DATABASES = ("sqlite", "postgresql")
LOAD = tuple(f"clinic_load_{on}.json" for on in DATABASES)
CLINIC = (*LOAD, *(f"clinic_{what}_{on}.json" for what in ("pages", "killed") for on in DATABASES))
NEXT_STEP = "next_step.json"
TEXT = "text.json"
REANALYSIS = "reanalysis.json"

_DEEP = 3  # levels that are written a line each; what lies deeper shares a line


def frozen(name: str, folder: Path = RESULTS) -> dict[str, Any] | None:
    """A frozen result, or None where it has not been made."""
    path = folder / name
    if not path.exists():
        return None
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def freeze(name: str, content: Mapping[str, Any], folder: Path = RESULTS) -> Path:
    """Write a result; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(_text(content, 0) + "\n", encoding="utf-8")
    return path


def _text(value: Any, level: int) -> str:
    if level >= _DEEP or not value or not isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    inside, end = "\n" + " " * (level + 1), "\n" + " " * level
    if isinstance(value, dict):
        pairs = (f"{json.dumps(str(key))}: {_text(one, level + 1)}" for key, one in value.items())
        return "{" + inside + f",{inside}".join(pairs) + end + "}"
    return "[" + inside + f",{inside}".join(_text(one, level + 1) for one in value) + end + "]"
