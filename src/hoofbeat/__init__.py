"""Hoofbeat: from unexplained signs to a ranked and explained differential, for rare-disease clinics.

Each room of the package holds one kind of thing; the direction in which rooms may import each other is
written in pyproject.toml and checked by import-linter.
"""

__version__ = "0.1.0"
