"""`hoofbeat audit verify`: whether what happened is told as it was written."""

from __future__ import annotations

import json

import click

from hoofbeat.interchange.report import InputError

_SHOWN = 20


@click.group("audit")
def audit() -> None:
    """The chain of events: who read or changed what, when and why."""


@audit.command("verify")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def verify_verb(form: str) -> None:
    """Check every event of every chain, and print the last number and hash of each.

    Keep these somewhere else: an end that was cut off together with its head shows by comparing them.
    """
    from hoofbeat.web.running.start import need_tables, start

    start()
    need_tables()
    from hoofbeat.web.audit.chain import faults
    from hoofbeat.web.audit.models import ChainHead
    from hoofbeat.web.running.backup import one_moment

    # People go on working: a head that was read a moment before its last event would look like a cut.
    with one_moment():
        found = list(faults())
        heads = [(head.chain, head.number, head.hash) for head in ChainHead.objects.order_by("chain")]
    if form == "json":
        chains = [{"chain": chain, "events": number, "hash": digest} for chain, number, digest in heads]
        faulty = [{"chain": fault.chain, "event": fault.number, "what": fault.what} for fault in found]
        click.echo(json.dumps({"chains": chains, "faults": faulty}))
    else:
        for chain, number, digest in heads:
            click.echo(f"{chain}  {number:>8} events  {digest}")
        if not heads:
            click.echo("nothing has happened yet")
    if found:
        told = [f"chain {fault.chain}, event {fault.number}: {fault.what}" for fault in found[:_SHOWN]]
        more = [f"and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
        raise InputError(
            "\n  ".join(["events were changed behind the application's back:", *told, *more]),
            code="chain-broken",
            repair="keep the database as it is, and compare it with the last backup whose chain was whole",
        )
