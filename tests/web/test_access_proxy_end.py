"""A child grows up: when notices are due, and that a proxy's access and agreements end by themselves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hoofbeat.web.access.country_pack import EXAMPLE, majority_of
from hoofbeat.web.access.models import PatientLink
from hoofbeat.web.access.proxy_end import NOTICE_MONTHS, months_before, notices_due
from tests.web.world import World

END = date(2037, 5, 31)
DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2036, 5, 30), ()),
        (date(2036, 5, 31), (12,)),
        (date(2036, 11, 30), (6,)),
        (date(2037, 4, 29), ()),
        (date(2037, 4, 30), (1,)),
        (date(2037, 5, 31), ()),
    ],
)
def test_notices_come_12_6_and_1_months_before(today: date, due: tuple[int, ...]) -> None:
    assert notices_due(END, today - timedelta(days=1), today) == due


@given(end=DAYS, first=DAYS, steps=st.lists(st.integers(1, 200), max_size=40))
def test_however_often_one_looks_each_notice_is_due_at_most_once(end: date, first: date, steps: list[int]) -> None:
    seen: list[int] = []
    since = first
    for step in steps:
        today = since + timedelta(days=step)
        seen += notices_due(end, since, today)
        since = today
    assert len(seen) == len(set(seen))


@given(end=DAYS)
def test_looked_at_every_day_all_three_are_due(end: date) -> None:
    days = [end - timedelta(days=n) for n in range(400, 0, -1)]
    assert [n for day in days for n in notices_due(end, day - timedelta(days=1), day)] == list(NOTICE_MONTHS)


@given(day=DAYS, months=st.integers(1, 24))
def test_months_before_is_earlier_and_keeps_the_day_where_the_month_has_it(day: date, months: int) -> None:
    earlier = months_before(day, months)
    assert (day.year - earlier.year) * 12 + day.month - earlier.month == months
    assert earlier.day == day.day or (earlier + timedelta(days=1)).day == 1


def test_of_age_on_the_18th_birthday_and_on_1_march_for_a_leap_day() -> None:
    assert majority_of(date(2019, 5, 4)) == date(2037, 5, 4)
    assert majority_of(date(2020, 2, 29)) == date(2038, 3, 1)
    assert majority_of(None) is None
    assert "confirm" in EXAMPLE.note


@pytest.mark.django_db
def test_on_the_day_the_access_ends_the_record_is_not_there_any_more(world: World) -> None:
    browser = world.client("parent")
    assert browser.get(f"/my/{world.record.pk}/").status_code == 200
    PatientLink.objects.filter(user=world.parent).update(end=timezone.now())
    assert browser.get(f"/my/{world.record.pk}/").status_code == 404
    assert "No record is open" in browser.get("/my/").content.decode()
