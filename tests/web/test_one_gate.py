"""Whatever leaves passes the one gate: every file that any address hands out, and every place in the code that could
hand one out, write a case in a format of others, or send an e-mail.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from hoofbeat.cases.finding import FindingState
from hoofbeat.web import pages
from hoofbeat.web.records.actions.consent import give_consent
from hoofbeat.web.records.actions.findings import set_finding
from hoofbeat.web.records.models import Disclosure
from tests.web.addresses import address, ours
from tests.web.forms import forms_in
from tests.web.full_record import fill
from tests.web.test_urls import everybody
from tests.web.world import ARACHNODACTYLY, World

WEB = Path(pages.__file__).resolve().parent.parent

# Files that are handed out without the gate, each with its reason.
EXCEPTED = {
    "document_file": "a document of the record, read by somebody related to it: a look, with its event",
    "document_picture": "the same, shown in the page",
    "portal_document": "the same, for the family, where it is shared with them",
}


def handed_out(client: Client, known: dict[str, object]) -> Iterator[tuple[str, bytes]]:
    """Every file that somebody gets by opening every address and sending every form, with the address's name."""
    for name in ours():
        page = client.get(address(name, known))
        if "attachment" in page.headers.get("Content-Disposition", ""):
            yield name, b"".join(page)
        if page.status_code != 200 or not page.headers["Content-Type"].startswith("text/html"):
            continue
        for form in forms_in(b"".join(page).decode()):
            if form.method != "POST" or "/sign-in/" in form.action or "/language/" in form.action:
                continue
            to = form.action or page.wsgi_request.path
            # `send` is what the export page's second button adds, to the hash of what the first one showed.
            more: dict[str, str] = {}
            for _button in range(2):
                answer = client.post(to, form.filled("Words") | more)
                if "attachment" in answer.headers.get("Content-Disposition", ""):
                    yield name, answer.content
                seen = re.search(r'name="sha256" value="([0-9a-f]{64})"', answer.content.decode(errors="replace"))
                more = {"send": "1", "sha256": seen[1] if seen else ""}


@pytest.mark.django_db
def test_every_file_that_is_handed_out_is_a_disclosure_with_its_hash(world: World) -> None:
    known = fill(world, "Some words")
    clinician, parent = world.actor("clinician"), world.actor("parent")
    set_finding(actor=clinician, record=world.record.pk, hpo=ARACHNODACTYLY, state=FindingState.OBSERVED)
    give_consent(actor=parent, record=world.record.pk, purpose="matching", recipient="agreement:network", detail="4")
    found = set()
    for client in everybody(world).values():
        with transaction.atomic():
            for name, data in handed_out(client, known):
                found.add(name)
                if name not in EXCEPTED:
                    assert Disclosure.objects.filter(sha256=hashlib.sha256(data).hexdigest()).exists(), name
            transaction.set_rollback(True)
    assert found >= {"export", "portal_left", "document_file", "portal_document"}, "the walk found what there is"
    assert set(EXCEPTED) >= found - {"export", "portal_left"}


def modules_that_say(*words: str) -> set[str]:
    """The modules of the application in whose code (comments and explanations left out) one of the words stands."""
    found = set()
    for module in WEB.rglob("*.py"):
        if "migrations" in module.parts:
            continue
        tree = ast.parse(module.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                said = node.value if len(node.value) < 60 else ""
            elif isinstance(node, ast.ImportFrom):
                said = " ".join(f"{node.module}.{one.name}" for one in node.names)
            elif isinstance(node, ast.Import):
                said = " ".join(one.name for one in node.names)
            else:
                continue
            if any(word in said for word in words):
                found.add(module.relative_to(WEB).as_posix())
    return found


def test_only_known_modules_hand_out_files() -> None:
    saying = modules_that_say("Content-Disposition", "FileResponse", "StreamingHttpResponse", "http.HttpResponseBase")
    assert saying == {"clinic/export.py", "portal/sharing.py", "download.py"}, (
        "a file that leaves comes from records.actions.release; add its module here with tests that it does"
    )


def test_only_the_release_writes_a_case_in_a_format_of_others() -> None:
    assert modules_that_say("interchange.phenopacket.write", "network.disclosed_case", "records.own_copy") == {
        "records/actions/release.py"
    }


def test_only_two_modules_send_e_mail_and_neither_takes_text_about_a_patient() -> None:
    """`mail.py` takes a kind from a list; an invitation holds a link and no name (tests of both say so). The settings
    name the way out, and the check of the installation opens it and sends nothing.
    """
    assert modules_that_say("django.core.mail.", "smtplib", "email.message") == {
        "mail.py", "access/invitation_mail.py", "running/checks.py", "settings.py",
    }  # fmt: skip


def test_nothing_but_the_sign_in_at_the_provider_speaks_http() -> None:
    assert modules_that_say("requests.", "httpx", "urllib.request", "http.client") <= {
        "oidc/description.py", "oidc/views.py", "oidc/failed.py",
    }  # fmt: skip


def test_a_backup_is_made_by_the_command_line_alone() -> None:
    """It holds everything without asking a consent: it is the clinic's own copy, for the clinic, by whoever runs the
    machine; no page makes one.
    """
    importing = modules_that_say("running.backup", "running.archive")
    assert importing <= {"running/backup.py", "running/restore.py"}
