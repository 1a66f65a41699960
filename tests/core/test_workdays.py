"""Working days: the arrangements of 2021–2026, their deadlines (R-16a, R-17a, R-31), and a year without data."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinhua_labor.core.workdays import WorkCalendar

CALENDAR = WorkCalendar.bundled()
DAYS = st.dates(min_value=dt.date(2004, 1, 1), max_value=dt.date(2030, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("posted", "ends"),
    [
        pytest.param("2021-09-30", "2021-10-13", id="国庆跨周末补班"),
        pytest.param("2022-01-28", "2022-02-09", id="春节前周末补班"),
        pytest.param("2023-04-28", "2023-05-09", id="劳动节后周六补班"),
        pytest.param("2024-02-09", "2024-02-22", id="除夕发布"),
        pytest.param("2025-09-30", "2025-10-14", id="国庆中秋八天"),
    ],
)
def test_publication_of_five_working_days(posted: str, ends: str) -> None:
    assert CALENDAR.add_workdays(day(posted), 5) == day(ends)


def test_weekend_make_up_days_count_towards_the_five_days() -> None:
    """R-16a: received Friday 2021-09-17; 18 (Sat), 22, 23, 24 and 26 (Sun) are the five days."""
    counted = [CALENDAR.add_workdays(day("2021-09-17"), n) for n in range(1, 6)]
    assert counted == [day(f"2021-09-{n}") for n in (18, 22, 23, 24, 26)]


def test_clock_of_a_holiday_submission_starts_on_the_next_workday() -> None:
    """R-17a."""
    assert CALENDAR.next_workday_on_or_after(day("2021-10-02")) == day("2021-10-08")
    assert CALENDAR.next_workday_on_or_after(day("2021-10-08")) == day("2021-10-08")


@pytest.mark.parametrize(
    ("year", "count"), [(2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)]
)
def test_working_days_of_a_year(year: int, count: int) -> None:
    assert CALENDAR.workdays_between(dt.date(year - 1, 12, 31), dt.date(year, 12, 31)) == count


@pytest.mark.parametrize(
    ("text", "worked"),
    [
        pytest.param("2021-02-07", True, id="周日补班"),
        pytest.param("2021-10-01", False, id="国庆节"),
        pytest.param("2022-12-31", False, id="周六放假"),
        pytest.param("2024-02-09", True, id="除夕上班"),
        pytest.param("2026-02-14", True, id="周六补班"),
        pytest.param("2026-02-16", False, id="春节周一"),
    ],
)
def test_single_days(text: str, worked: bool) -> None:
    assert CALENDAR.is_workday(day(text)) is worked


def test_unknown_year_falls_back_to_monday_to_friday() -> None:
    assert not CALENDAR.known(2027)
    assert CALENDAR.known(2026)
    assert not CALENDAR.is_workday(day("2027-10-02"))
    assert CALENDAR.is_workday(day("2027-10-01"))
    assert CALENDAR.add_workdays(day("2026-12-31"), 5) == day("2027-01-07")


def test_recorded_days_win_and_make_their_year_known() -> None:
    moved = CALENDAR.with_overrides([(day("2027-10-01"), False), (day("2026-10-10"), False)])
    assert not moved.is_workday(day("2027-10-01"))
    assert moved.known(2027)
    assert not moved.is_workday(day("2026-10-10"))
    assert CALENDAR.is_workday(day("2026-10-10")), "the bundled calendar itself stays as it was"


def test_negative_count_is_refused_and_zero_is_the_day_itself() -> None:
    assert CALENDAR.add_workdays(day("2021-10-02"), 0) == day("2021-10-02")
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_workdays(day("2021-10-02"), -1)


@given(DAYS, st.integers(min_value=1, max_value=60))
def test_adding_and_counting_agree(start: dt.date, count: int) -> None:
    end = CALENDAR.add_workdays(start, count)
    assert CALENDAR.is_workday(end)
    assert CALENDAR.workdays_between(start, end) == count
    assert CALENDAR.workdays_between(end, start) == 0
