"""Measures how well findings are read from free text, on labelled sentences of our own.

    python -m validation.text_benchmark [--wrong]

Two parts: `development` was looked at while the reader was made, `held back` only measured when it was finished. Both
were written by the makers of the reader, before it; no public corpus was used.
"""

from __future__ import annotations

from pathlib import Path

import click

from hoofbeat.cli.opened_knowledge import located_release
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.lexicon import Lexicon
from validation.labelled_sentences import DEVELOPMENT, HELD_BACK, labelled_sentences
from validation.results_folder import TEXT, freeze
from validation.text_scores import Scores, scores

MENTION_BAR = 0.85  # F1 of mentions; diagnosis specification, section 7
NEGATION_BAR = 0.90  # F1 of negated mentions


@click.command()
@click.option("--wrong", is_flag=True, help="List what is wrong in the development part.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder to write text.json to; default: validation/results."
)
def main(wrong: bool, out: Path | None) -> None:
    """Measure both parts, print them, and freeze them."""
    lexicon = Lexicon.of(Facts.open(located_release()).ontology)
    parts = {
        "development": scores(labelled_sentences(DEVELOPMENT, lexicon.ontology), lexicon),
        "held back": scores(labelled_sentences(HELD_BACK, lexicon.ontology), lexicon),
    }
    for name, part in parts.items():
        _print(name, part)
    if wrong:
        click.echo("\n".join(parts["development"].wrong))
    content = {
        "command": "python -m validation.text_benchmark",
        "hpo": lexicon.ontology.release,
        "bars": {"mentions, F1": MENTION_BAR, "negated, F1": NEGATION_BAR},
        **{name: part.to_json() for name, part in parts.items()},
    }
    click.echo(f"written to {freeze(TEXT, content, out) if out else freeze(TEXT, content)}")


def _print(name: str, part: Scores) -> None:
    click.echo(f"{name}: {part.sentences} sentences")
    rows = {
        "mentions": part.mentions,
        "mentions, same words": part.exact,
        "relative named": part.relatives,
        **{f"said: {kind}": tally for kind, tally in part.assertions.items()},
        **{f"sentences: {kind}": tally for kind, tally in sorted(part.kinds.items())},
    }
    for what, tally in rows.items():
        counts = f"{tally.right:4} right {tally.extra:3} too many {tally.missed:3} missed"
        click.echo(f"  {what:24} {counts}   P {tally.precision:.3f}  R {tally.recall:.3f}  F1 {tally.f1:.3f}")


if __name__ == "__main__":
    main()
