"""The reference page of the command line: what is promised, and the help of every verb as it is printed."""

import json
import re
from collections.abc import Callable, Iterator

import click

from hoofbeat.cli.main import VERBS, hoofbeat_command
from hoofbeat.cli.presentation.json_lines import differential_line
from hoofbeat.cli.presentation.step_lines import steps_line
from tests.sample_excerpt import COMPARED
from tests.sample_steps import SUGGESTED

PAGE = "docs/reference/command-line.md"

INTRODUCTION = """\
# The command line

Made by `make docs` from the help of the commands and from `tests/spec/test_command_line_reference.py`.

`hoofbeat VERB --help` prints what stands here under each verb.

## What holds for every verb

| Exit status | Means |
| --- | --- |
| 0 | done, at least in part: what could not be read is said on standard error |
| 2 | the call or the input is wrong; the message says what, where, and how to repair it |
| 1 | our fault; please report it with what `HOOFBEAT_DEBUG=1` shows |
| 130 | stopped by Ctrl-C |
| 143 | ended by a signal to terminate (`kill`, `timeout`) |

Results go to standard output; messages, notes and progress to standard error. A file that is written appears whole or
not at all. Nothing is sent anywhere; only `knowledge update` uses the network.

CASE is a phenopacket (version 2; version 1 is converted), a folder or zip of them, or NDJSON with one per line; `-` is
standard input. What it is shows by its content, not by its name.

| Variable | Holds |
| --- | --- |
| `HOOFBEAT_HOME` | the folder of the knowledge, the case library and the clinic; default `~/.local/share/hoofbeat` |
| `HOOFBEAT_HOSTS` and others | the clinic's application: see [run a clinic](../how-to/run-a-clinic.md) |
| `HOOFBEAT_DEBUG` | with any value, our own faults end in a traceback |
| `NO_COLOR` | with any value, no colours in the terminal |
"""

AFTER = {
    "read": """\
### What comes out

`--format json` prints one document per text on one line: `file`, `mentions` and `notes`, or `file` and `error`. Scripts
may depend on these fields; others may be added. What is found: [free text](free-text.md).

| Field of a mention | Holds |
| --- | --- |
| `start`, `end`, `text` | the words, and where they stand: characters of the decoded text from 0 |
| `hpo`, `label` | the finding |
| `assertion` | `present`, `negated`, `uncertain`, `family`, `past` or `planned` |
| `who`, `of_relative` | with `family`: the relative, and what is said of it (the other assertions); else null |
| `how` | how the words were recognised, such as `label`, `synonym`, `abbreviation` or `typing error repaired` |
| `section` | the heading that it stands under, or null |
""",
    "next": """\
### What comes out

`--format table` is for reading in a terminal, `--format html` a page to print and go through with the patient.
`--format json` prints one document per case on one line; scripts may depend on these fields, others may be added.
How it is reckoned: [how the next step is chosen](how-the-next-step-is-chosen.md). What could not be ranked, and bad
input: as with `rank`.

| Field | Holds |
| --- | --- |
| `case`, `release` | as with `rank` |
| `suggestions` | the first `--top` steps, best first; empty where nothing is worth asking |
| `weights` | what a unit of each burden weighs beside one question |
| `notes` | what limits the suggestions, such as that no medical actions of MAxO are there |

| Field of a suggestion | Holds |
| --- | --- |
| `kind`, `id`, `label` | `question` or `procedure`; an HPO term or an action (`own:...` where MAxO has none) |
| `bits`, `standard_error` | the information expected of it, and the error where patients were drawn (else 0) |
| `worth` | what orders: expected bits per weighed burden |
| `on_front` | whether none of the others tells more for less |
| `burden` | see below |
| `vetoed_by` | null, or what must be excluded first |
| `answers` | what `yes`, `no` and `unclear` would do |
| `findings` | what a procedure may show, `{"id", "name"}`, most telling first |
| `how` | by which action a question is answered, where asking and looking are not enough |
| `notes` | what yes and no stand for, and what is unknown |

| Field of `burden` | Holds |
| --- | --- |
| `weighed` | all of it, in questions |
| `family` | what kind of action it is |
| `cost_eur`, `risk_per_1000`, `delay_days`, `anaesthesia`, `radiation_msv` | null where unknown |
| `unknown` | the names of those, which are reckoned with the worst that the file assumes |
| `source`, `date` | where the values are from |

| Field of `vetoed_by` | Holds |
| --- | --- |
| `disease`, `probability` | the likeliest candidate that forbids it |
| `reason`, `unless`, `source` | why, with what it is acceptable, and who says so |
| `overridden` | the reason given with `--override`, or null |

| Field of an answer | Holds |
| --- | --- |
| `chance` | how likely the answer is, or null |
| `top`, `none_of_these` | the first five diseases after it, with `probability` |
| `sentence` | the same in words |
| `observed`, `excluded` | the findings that stand for the answer where the case is ranked anew |

With `--protocol` there is `protocol` in place of `suggestions`: a node with `top`, then either `step` (a
suggestion) with `on_yes` and `on_no`, or `stop`, which says why it ends there. After an unclear answer go on as
after a no.
""",
    "rank": """\
### What comes out

`--format table` is for reading in a terminal, `--format html` a page that is one file, loads nothing, and prints well.
Pages of several cases go to a folder: `--out pages/` writes one per case, named after it. A name that ends with `/`, or
that is a folder, means a folder for the other formats too.

`--format json` prints one document per case on one line. Scripts may depend on these fields; others may be added.

| Field | Holds |
| --- | --- |
| `case` | the id of the phenopacket; `case` where findings were typed |
| `release` | the knowledge that was used: release, date, checksum, library |
| `candidates` | the first `--top` diseases in order |
| `none_of_these` | the probability that it is none of the diseases compared |
| `diseases_compared` | how many those are |
| `observed`, `excluded` | the findings as they were used, `{"id", "name"}` |
| `notes` | what was changed or not used of the input, `{"what", "repair"}` |
| `comparison` | with `--compare` only: see below |

| Field of a candidate | Holds |
| --- | --- |
| `rank`, `disease`, `same_as` | place, `{"id", "name"}`, and the ids of its other entries |
| `probability` | all candidates, those not shown, and `none_of_these` sum to 1 |
| `score` | the sum of the `log_lr` of its contributions, to 1e-9 |
| `genes` | symbols |
| `contributions` | why: one row per finding, and for onset, sex and the like |
| `unexplained` | observed findings that the disease does not explain |
| `expected` | findings it often has that nobody has looked for, with their `share` |

| Field of a contribution | Holds |
| --- | --- |
| `kind` | `finding`, `onset`, `sex`, `prior`, `genotype` or `picture` |
| `finding`, `label`, `state` | which finding, `observed` or `excluded` |
| `log_lr` | natural log of the likelihood ratio: above 0 it speaks for the disease |
| `matched`, `matched_label` | the term of the disease that it met |
| `match` | how: `exact`, `general`, `near`, `none`, `excluded` |
| `frequency`, `source` | as stated, such as `124/197`, and where; several sources are separated by `;` |
| `library_share` | the part of the evidence that solved cases gave, 0 to 1 |
| `weight` | 1: related findings are not weighed down |
| `sentence` | the row in words |

Of several statements of how often a disease has a finding, the one shown is the best: counts, all added up, else a
percentage, else a band such as `very frequent (80-99 %)`. What solved cases counted stands beside it.

### Two diseases compared

`hoofbeat rank CASE --compare OMIM:154700 OMIM:610168` adds why one of them stands before the other, wherever they
stand: each row of the explanation in both, by how much it differs, and the smallest change that would reverse their
order. That is one answer, else two together, on findings that either often has and nobody looked for; the case was
ranked anew with them to be sure. Any id of a disease will do, such as ORPHA:558 for OMIM:154700. The table shows the
ten strongest rows, the page sixty, JSON all of them (field `comparison`):

| Field of `comparison` | Holds |
| --- | --- |
| `a`, `b` | the two in the order given, with `rank`, `disease`, `same_as`, `probability` and `score` as above |
| `lead` | the score of `a` less that of `b`: the sum of `difference` of the rows |
| `rows` | what is said of both, the greatest difference first |
| `change` | what would reverse the order, or null where nothing was found |

| Field of a row | Holds |
| --- | --- |
| `kind`, `finding`, `label` | as in a contribution |
| `difference` | above 0 it speaks for `a`, below 0 for `b` |
| `a`, `b` | the contribution to each, or null where it has none |
| `sentence` | both in words |

| Field of `change` | Holds |
| --- | --- |
| `answers` | one or two: `{"finding", "label", "present"}` |
| `lead_before`, `lead_after` | `lead` as it is, and as it would be |

### What could not be ranked

What could not be ranked gives a line too, and a message on standard error:
`{"case": null, "file": "...", "error": "..."}`. `case` is its id where the file could be read but holds no usable
finding.

### What bad input gets

| Input | Gets |
| --- | --- |
| no usable finding | no list: an error that asks for findings |
| an unknown or malformed HPO id | a note with the nearest findings; the others are used |
| an older or replaced HPO id | read as the term in use, with a note |
| an HPO id that is no finding (inheritance, onset, ...) | not used as a finding, with a note |
| a finding observed and excluded | neither is used, with a note |
| an excluded finding above an observed one | the observed one counts, with a note |
| broken JSON, NaN, FHIR, over 5,000 findings, over 50 MB | an error with line or path; other files are still done |
| `--compare` with an id that is no disease, or one disease twice | an error with the nearest names; nothing is ranked |
| a phenopacket of version 1 | converted, with a note |
| several packets in one document | notes on it are printed on standard error, because they do not say whose they are |
""",
}


def commands(command: click.Command, path: str, parent: click.Context) -> Iterator[tuple[str, str]]:
    """A command and those below it: what is typed, and its help."""
    context = click.Context(
        command, info_name=path.split()[-1], parent=parent, terminal_width=100, max_content_width=100
    )
    yield path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands(below, f"{path} {name}", context)


def test_the_page_of_the_command_line_says_what_the_commands_say(generated_doc: Callable[[str, str], None]) -> None:
    parts = [INTRODUCTION]
    root = click.Context(hoofbeat_command, info_name="hoofbeat", help_option_names=["-h", "--help"])
    for name in VERBS:
        command = hoofbeat_command.get_command(root, name)
        assert command is not None
        parts.append(f"## hoofbeat {name}\n")
        for path, help_text in commands(command, name, root):
            if path != name:
                parts.append(f"### hoofbeat {path}\n")
            parts.append(f"```\n{help_text}\n```\n")
        if name in AFTER:
            parts.append(AFTER[name])
    generated_doc(PAGE, "\n".join(parts))


def test_every_promised_field_is_in_what_is_printed() -> None:
    """The tables above against a differential written by hand."""
    document = json.loads(differential_line(COMPARED))
    candidate, compared = document["candidates"][0], document["comparison"]
    assert set(compared["a"]) == {"rank", "disease", "same_as", "probability", "score"}
    printed = [document, candidate, candidate["contributions"][0], compared, compared["rows"][0], compared["change"]]
    tables = re.findall(r"\| Field.*?\n\n", AFTER["rank"], re.DOTALL)
    assert len(tables) == len(printed)
    for table, shown in zip(tables, printed, strict=True):
        cells = [line.split("|")[1] for line in table.strip().splitlines()[2:]]
        assert {field for cell in cells for field in re.findall(r"`(\w+)`", cell)} == set(shown)


def test_every_promised_field_of_a_suggestion_is_in_what_is_printed() -> None:
    """The tables of `next` against a suggestion written by hand."""
    document = json.loads(steps_line(SUGGESTED))
    step = document["suggestions"][0]
    printed = [document, step, step["burden"], step["vetoed_by"], step["answers"]["yes"]]
    tables = re.findall(r"\| Field.*?\n\n", AFTER["next"], re.DOTALL)
    assert len(tables) == len(printed)
    for table, shown in zip(tables, printed, strict=True):
        cells = [line.split("|")[1] for line in table.strip().splitlines()[2:]]
        assert {field for cell in cells for field in re.findall(r"`(\w+)`", cell)} == set(shown)
