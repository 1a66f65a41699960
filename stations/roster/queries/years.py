"""Which year of a station a row belongs to, as filters and statements need it (R-07).

Each row follows the reading in force on its day of entry (`attribution.year_day` is the rule), so that a change of the
reading takes no row out of the years and puts none into two.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import zip_longest

from django.db.models import Q

from jinhua_labor.policy.periods import ONE_DAY, Period
from jinhua_labor.policy.switches import YearAttribution
from jinhua_labor.rulebook import policy_on
from jinhua_labor.rulebook.book import book
from stations.roster.attribution import year_day
from stations.roster.models import Delivery

Span = tuple[dt.date, dt.date]
"""First and last day of entry."""


def qualified_spans() -> tuple[Span, ...]:
    """The days of entry under the reading QUALIFIED; none while 入职时间 decides throughout."""
    slices = book().slices
    return tuple(
        (piece.since, after.since - ONE_DAY if after else dt.date.max)
        for piece, after in zip_longest(slices, slices[1:])
        if piece is not None and piece.policy.year_attribution is YearAttribution.QUALIFIED
    )


def reading_on(entry_on: dt.date, spans: tuple[Span, ...]) -> YearAttribution:
    """The reading a row with this day of entry follows."""
    within = any(first <= entry_on <= last for first, last in spans)
    return YearAttribution.QUALIFIED if within else YearAttribution.ENTRY


def day_of(row: Delivery) -> dt.date:
    """The day that puts a row into a year."""
    return year_day(row.entry_on, row.qualified_on, reading=reading_on(row.entry_on, qualified_spans()))


def attribution_words(day: dt.date) -> str:
    """How who enters on `day` is put into a year, as pages say it."""
    policy = policy_on(day).policy
    if policy.year_attribution is YearAttribution.QUALIFIED:
        return f"按满足连续参保{policy.min_si_months}个月之日"
    return "按入职时间"


def in_year(period: Period, prefix: str = "") -> Q:
    """Rows that belong to the year; `prefix` leads from the filtered table to the delivery ("delivery__")."""
    days = (period.start, period.end)
    entered = Q(**{f"{prefix}entry_on__range": days})
    spans = qualified_spans()
    if not spans:
        return entered
    read_so = Q(pk__in=[])
    for span in spans:
        read_so |= Q(**{f"{prefix}entry_on__range": span})
    qualified = Q(**{f"{prefix}qualified_on__range": days}) | (Q(**{f"{prefix}qualified_on__isnull": True}) & entered)
    return (entered & ~read_so) | (read_so & qualified)


def by_year(sql: str) -> str:
    """The statement with every `x.year_day` written out for the readings in force; x is an alias of the deliveries."""
    spans = qualified_spans()
    return re.sub(r"\b(\w+)\.year_day\b", lambda found: _day(found[1], spans), sql)


def _day(alias: str, spans: tuple[Span, ...]) -> str:
    if not spans:
        return f"{alias}.entry_on"
    read_so = " OR ".join(f"{alias}.entry_on BETWEEN DATE '{first}' AND DATE '{last}'" for first, last in spans)
    return f"(CASE WHEN {read_so} THEN coalesce({alias}.qualified_on, {alias}.entry_on) ELSE {alias}.entry_on END)"
