"""Translations: compiles the catalogues that people edit (`.po`) into what Django reads (`.mo`), at start, when needed.

Compiled files are not in the repository and not in the package: they lie in the installation's own folder.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from hoofbeat.knowledge.one_step import OWN, in_one_step

DOMAIN = "django"
RIGHT_TO_LEFT = "ar"  # the code under which the pseudo-locale stands in tests: Django knows that it runs right to left
_DATE = re.compile(r"(j )?F( Y)?(, H:i)?")  # patterns of dates are translated too, and are no words
_LONGER = 1.4  # translations are longer than English; a page that holds this holds them


def compile_catalogues(source: Path, target: Path) -> tuple[str, ...]:
    """Compile every `LANGUAGE/LC_MESSAGES/django.po` that is not the one compiled before. Returns the languages.

    Compared by content: an installed package may carry any date. Several workers may do this at once: each file appears
    whole or not at all.
    """
    done = []
    for po in sorted(source.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        language = po.parent.parent.name
        mo = target / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
        made_of, digest = mo.with_suffix(".sha256"), hashlib.sha256(po.read_bytes()).hexdigest()
        if not (mo.exists() and made_of.exists() and made_of.read_text(encoding="ascii") == digest):
            _write(read_catalogue(po), mo)
            made_of.write_text(digest, encoding="ascii")
            done.append(language)
    return tuple(done)


def read_catalogue(po: Path) -> Catalog:
    """The messages of one language."""
    with open(po, "rb") as file:
        return read_po(file, locale=po.parent.parent.name, abort_invalid=True)


def write_pseudo_locale(messages: Iterable[str | tuple[str, ...]], target: Path) -> Path:
    """A right-to-left language that nobody speaks, for tests: each message longer, and marked so that it is seen."""
    catalog = Catalog(locale=RIGHT_TO_LEFT)
    for message in messages:
        if isinstance(message, tuple):
            forms = tuple(_pseudo(message[-1]) for _ in range(catalog.num_plurals))
            catalog.add(message, forms)
        elif message:
            catalog.add(message, message if _DATE.fullmatch(message) else _pseudo(message))
    mo = target / RIGHT_TO_LEFT / "LC_MESSAGES" / f"{DOMAIN}.mo"
    _write(catalog, mo)
    return mo


def _pseudo(text: str) -> str:
    padding = "\u0640" * max(1, int(len(text) * (_LONGER - 1)))  # the Arabic letter that only stretches a word
    return f"\u2067{text}{padding}\u2069"


def _write(catalog: Catalog, mo: Path) -> None:
    mo.parent.mkdir(parents=True, exist_ok=True)
    with in_one_step(mo, mode=OWN, durable=False) as file:
        write_mo(file, catalog)
