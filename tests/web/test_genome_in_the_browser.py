"""A genome in a real browser: a file on its way, whose samples they are, read while one waits, and asked about; by
script with a bar that moves, and without any.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from hoofbeat.cases.finding import FindingState
from hoofbeat.web.records.actions.findings import set_finding
from hoofbeat.web.records.models import Genome, GenomeQuestion
from tests.vcf_files import csq, line
from tests.web import genome_files as files
from tests.web.test_jobs_and_mail import do_one_job
from tests.web.world import ARACHNODACTYLY, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("whole_knowledge")]
LINES = 12_000  # enough that a browser sends them in several pieces


def large_trio(folder: Path) -> Path:
    """The trio with many variants that do not matter, each from one of the parents."""
    calls = ("0/1", "0/0", "0/1"), ("0/1", "0/1", "0/0")
    more = (line("chr20", n, csq("GENE", "intron_variant"), *calls[n % 2]) for n in range(1, LINES))
    file = folder / "trio.vcf"
    file.write_bytes(files.trio(*more))
    return file


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console said."""
    return []


@pytest.fixture(params=["by script", "without scripts"])
def page(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, world: World, complaints: list[str]
) -> Iterator[Page]:
    """The tab of a record without a genome, opened by its clinician."""
    set_finding(actor=world.actor("clinician"), record=world.record.pk, hpo=ARACHNODACTYLY, state=FindingState.OBSERVED)
    files.parents(world)
    session = world.client("clinician").cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(java_script_enabled=request.param == "by script", reduced_motion="reduce")
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    opened = context.new_page()
    opened.on("console", lambda one: complaints.append(one.text) if "status of 4" not in one.text else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(live_server.url + reverse("genome", args=[world.record.pk]))
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture
def again(page: Page, request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Wait until a page that waits says so: by itself, or by looking again."""
    by_script = request.node.callspec.params["page"] == "by script"

    def wait(words: str) -> None:
        if not by_script:
            page.get_by_role("link", name="Look again").click()
        page.locator("main").get_by_text(words).first.wait_for()

    return wait


def test_a_genome_is_uploaded_matched_read_ranked_with_and_asked_about(
    page: Page, world: World, again: Callable[[str], None], tmp_path: Path
) -> None:
    file = large_trio(tmp_path)
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("heading", name="Whose samples are these?").wait_for()
    page.get_by_label("Sample S-child").select_option(label="Mira Example, the patient")
    page.get_by_label("Sample S-father").select_option(label="Father (not affected)")
    page.get_by_label("Sample S-mother").select_option(label="Mother (not affected)")
    page.get_by_role("button", name="Read it").click()
    page.get_by_text("Waits to be read:").wait_for()
    do_one_job()
    again("What was found")
    page.get_by_role("link", name="FBN1").click()
    page.get_by_text("Counts in FBN1.").wait_for()
    page.get_by_text("both parents have enough reads without it").first.wait_for()
    page.get_by_role("link", name="Differential").click()
    first = page.locator(".candidate").first
    first.get_by_text("FBN1: new (de novo)").wait_for()
    page.get_by_role("link", name="Without the genome").click()
    page.get_by_text("By the findings alone").wait_for()
    assert page.get_by_text("new (de novo)").count() == 0
    page.get_by_role("link", name="Genome", exact=True).click()
    page.get_by_label("Position, name or gene").fill(f"chr15:{files.COMMON}")
    page.get_by_role("button", name="Why was it filtered?").click()
    page.get_by_text("Is being searched:").wait_for()
    do_one_job()
    again("Dropped by the filter frequency.")
    # No address that was opened names a position, a gene or a sample.
    assert re.fullmatch(
        r"/clinic/patients/[0-9a-f-]{36}/genome/asked/[0-9a-f-]{36}/", page.evaluate("location.pathname")
    )
    assert GenomeQuestion.objects.get().found


def test_a_file_that_cannot_be_read_is_refused_and_told_first(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "notes.vcf"
    file.write_text("notes of a visit")
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    page.locator("#error-summary", has_text="this is not VCF").wait_for()
    if page.locator("html").evaluate("() => !!window.htmx"):
        page.wait_for_function("() => document.activeElement.id === 'error-summary'")
    assert not Genome.objects.exists()


@pytest.mark.parametrize("page", ["by script"], indirect=True)
def test_a_bar_shows_how_much_has_arrived(page: Page, tmp_path: Path) -> None:
    file = large_trio(tmp_path)
    page.evaluate(
        """() => {
          window.shares = [];
          document.addEventListener("htmx:xhr:progress", () => {
            const shown = document.querySelector("[data-uploading]");
            if (shown && !shown.hidden) window.shares.push(shown.querySelector("progress").value);
          });
          document.addEventListener("htmx:beforeSwap", (event) => { event.detail.shouldSwap = false; });
          document.addEventListener("htmx:beforeOnLoad", (event) => event.preventDefault());
        }"""
    )
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    page.wait_for_function("() => window.shares.at(-1) === 100")
    shares: list[float] = page.evaluate("window.shares")
    assert shares == sorted(shares)
    assert page.locator("[data-uploading]").is_visible()
