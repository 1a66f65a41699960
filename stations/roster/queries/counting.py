"""The people of assessed years, set-based: one statement whatever the number of stations and rows (R-61, R-67).

A year that is frozen speaks by its frozen rows (R-26); what happened to them since (checks, contracts) is read as it
stands. Rules over these rows are in `stations.roster.retention` and in the policy.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db import connection

from jinhua_labor.policy.periods import Period, add_months
from jinhua_labor.policy.types import Policy
from stations.registry.models import Station
from stations.roster import yearly
from stations.roster.enums import CertificateResult
from stations.roster.models import FrozenYear

from .years import by_year

LEAP: Final = dt.timedelta(days=4)
"""8月28日 to 31日 all lead to 2月28日: so many days more than the months are looked at, the rule decides."""
CHUNK: Final = 2000


@dataclass(frozen=True, slots=True)
class YearSpan:
    """A year to count, the version that says how, and the frozen roster that speaks for it."""

    station: Station
    period: Period
    policy: Policy
    frozen: uuid.UUID | None = None


class Group(NamedTuple):
    """`number` rows alike. `inside`: they belong to the year; else counted workers of another one, whose check may fall
    into it. `skilled` is None where no frozen roster says it. `timing` of the contract and the check's answer are
    told of counted rows only; `due_on` only of checks not answered."""

    inside: bool
    status: str
    skilled: bool | None
    entry_on: dt.date
    result: str
    month_ok: bool | None
    due_on: dt.date | None
    timing: str
    number: int


class Row(NamedTuple):
    """One delivery with the same things."""

    delivery: uuid.UUID
    codes: tuple[str, ...]
    inside: bool
    status: str
    skilled: bool | None
    entry_on: dt.date
    result: str
    month_ok: bool | None
    due_on: dt.date | None
    timing: str


_ROSTER = """
WITH years AS (
    SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::date[], %s::date[], %s::date[], %s::int[])
        AS y(station, frozen, before, first, last, grace)
), roster AS (
    SELECT y.station, y.grace, TRUE AS inside, d.id, d.entry_on, e.said ->> 2 AS status,
           ARRAY(SELECT jsonb_array_elements_text(e.said -> 3)) AS codes, (e.said ->> 5)::boolean AS skilled
      FROM years y
      JOIN stations_frozenyear f ON f.id = y.frozen
     CROSS JOIN LATERAL jsonb_array_elements(f.rows) AS e(said)
      JOIN stations_delivery d ON d.id = (e.said ->> 0)::uuid
     UNION ALL
    SELECT y.station, y.grace, TRUE, d.id, d.entry_on, d.status, d.codes, NULL
      FROM years y
      JOIN stations_delivery d ON d.station_id = y.station AND d.year_day BETWEEN y.first AND y.last
     WHERE y.frozen IS NULL
     UNION ALL
    SELECT y.station, y.grace, FALSE, d.id, d.entry_on, d.status, d.codes, NULL
      FROM years y
      JOIN stations_delivery d ON d.station_id = y.station AND d.entry_on >= y.before AND d.entry_on <= y.last
     WHERE d.status = 'COUNTED' AND NOT d.year_day BETWEEN y.first AND y.last
), told AS (
    SELECT r.*, coalesce(k.result, '') AS result, k.si_month_ok,
           CASE WHEN coalesce(k.result, '') = '' THEN k.due_on END AS due_on,
           CASE WHEN r.status <> 'COUNTED' OR NOT r.inside THEN ''
                WHEN c.signed_on IS NULL THEN 'MISSING'
                WHEN c.signed_on <= (r.entry_on + make_interval(months => r.grace))::date THEN 'TIMELY'
                ELSE 'LATE' END AS timing
      FROM roster r
      LEFT JOIN stations_retentioncheck k ON k.delivery_id = r.id AND r.status = 'COUNTED'
      LEFT JOIN LATERAL (
            SELECT min(c.signed_on) AS signed_on FROM stations_contract c
             WHERE c.delivery_id = r.id AND c.voided_at IS NULL AND r.inside AND r.status = 'COUNTED'
           ) c ON TRUE
)
"""
_GROUPS = (
    _ROSTER  # noqa: S608  constants of this file
    + "SELECT station, inside, status, skilled, entry_on, result, si_month_ok, due_on, timing, count(*)"
    + " FROM told GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9"
)
_ROWS = (
    _ROSTER  # noqa: S608  constants of this file
    + "SELECT id, codes, inside, status, skilled, entry_on, result, si_month_ok, due_on, timing"
    + " FROM told ORDER BY inside DESC, entry_on, id"
)
_SKILLS = """
SELECT y.station, d.id, d.education, c.kind, c.level, c.result
  FROM unnest(%s::uuid[], %s::date[], %s::date[], %s::boolean[]) AS y(station, first, last, schooling)
  JOIN stations_delivery d ON d.station_id = y.station AND d.year_day BETWEEN y.first AND y.last
  LEFT JOIN stations_skillcertificate c ON c.delivery_id = d.id AND c.voided_at IS NULL
 WHERE d.status = 'COUNTED' AND (c.id IS NOT NULL OR (y.schooling AND d.education <> ''))
"""
_WAITING = """
SELECT y.station, count(*)
  FROM unnest(%s::uuid[], %s::date[], %s::date[]) AS y(station, first, last)
  JOIN stations_delivery d ON d.station_id = y.station AND d.year_day BETWEEN y.first AND y.last
  JOIN stations_skillcertificate c ON c.delivery_id = d.id AND c.voided_at IS NULL
 WHERE c.result = %s
 GROUP BY y.station
"""


def frozen_of(years: Collection[tuple[Station, Period]]) -> dict[uuid.UUID, uuid.UUID]:
    """The frozen roster of one year each of these stations, where there is one; one query."""
    wanted = {(station.pk, period.number) for station, period in years}
    rows = FrozenYear.objects.filter(station__in=[pk for pk, _ in wanted]).order_by()
    return {
        station: pk
        for pk, station, number in rows.values_list("pk", "station", "period_no")
        if (station, number) in wanted
    }


def groups(years: Collection[YearSpan]) -> dict[uuid.UUID, list[Group]]:
    """The people of these years, alike ones together; one statement."""
    found: dict[uuid.UUID, list[Group]] = {year.station.pk: [] for year in years}
    with connection.cursor() as cursor:
        cursor.execute(by_year(_GROUPS), _spans(years))
        while rows := cursor.fetchmany(CHUNK):
            for station, *rest in rows:
                found[station].append(Group(*rest))
    return found


def rows(year: YearSpan) -> Iterator[Row]:
    """The people of one year one by one, those of the year first; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(by_year(_ROWS), _spans([year]))
        while fetched := cursor.fetchmany(CHUNK):
            for pk, codes, *rest in fetched:
                yield Row(pk, tuple(codes), *rest)


def skilled(years: Collection[YearSpan]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """The counted workers of these years, as they stand, who are 技术技能人才 (R-66), by station; one statement."""
    held: dict[tuple[uuid.UUID, uuid.UUID, str], list[yearly.Certificate]] = defaultdict(list)
    schooling = [year.policy.tech_edu_counts for year in years]
    with connection.cursor() as cursor:
        cursor.execute(by_year(_SKILLS), [*_ends(years), schooling])
        while fetched := cursor.fetchmany(CHUNK):
            for station, pk, education, kind, level, result in fetched:
                certificates = held[station, pk, education]
                if kind is not None:
                    certificates.append(yearly.Certificate(kind, level, result))
    policies = {year.station.pk: year.policy for year in years}
    found: dict[uuid.UUID, set[uuid.UUID]] = {year.station.pk: set() for year in years}
    for (station, pk, education), certificates in held.items():
        if yearly.skilled(certificates, education, policy=policies[station]) is True:
            found[station].add(pk)
    return found


def certificates_waiting(years: Collection[YearSpan]) -> dict[uuid.UUID, int]:
    """How many certificates of the year's rows nobody has looked up yet; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(by_year(_WAITING), [*_ends(years), CertificateResult.PENDING.value])
        return dict(cursor.fetchall())


def _spans(years: Collection[YearSpan]) -> list[list[Any]]:
    return [
        [year.station.pk for year in years],
        [year.frozen for year in years],
        [add_months(year.period.start, -year.policy.retention_months) - LEAP for year in years],
        [year.period.start for year in years],
        [year.period.end for year in years],
        [year.policy.contract_grace_months for year in years],
    ]


def _ends(years: Collection[YearSpan]) -> list[list[Any]]:
    return [
        [year.station.pk for year in years],
        [year.period.start for year in years],
        [year.period.end for year in years],
    ]
