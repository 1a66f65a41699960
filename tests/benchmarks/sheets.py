"""All sheets of a district: the facts of one year of 285 stations over 1 000 000 deliveries, scored and put into words.

Persons, deliveries, contracts and certificates are those of `year_data`; who counts, and the answer of each check, is
written by one statement each, because a sheet reads them and does not care where they come from. Half the stations have
their year frozen. Beside it a bare aggregate of the same rows. The number of queries may not depend on how many
stations there are. `--quick` is a fiftieth of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.sheets.queries.facts import YearOf, gather_many, people_of
from assessments.sheets.queries.meter import meters
from assessments.sheets.rules.facts import GIVEN, SheetFacts
from assessments.sheets.rules.score import PEOPLE, expected, proposed, skill
from assessments.sheets.rules.snapshot import Line, digest, rebuild, snapshot
from assessments.sheets.rules.words import notes, words
from jinhua_labor.accounts.enums import Role
from jinhua_labor.core.clock import today
from jinhua_labor.policy.periods import periods_to_assess
from jinhua_labor.policy.types import Policy
from jinhua_labor.rulebook import policy_on
from stations.registry.models import Station
from stations.roster.services import freezing
from tests.factories import user as a_user

from . import year_data as data
from .measure import Report, interleaved, machine, median, rounds_of, seconds, time_text
from .pages import issued

STATIONS = 285


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many rows, and how often."""

    rows: int = 1_000_000
    big: int = 30_000  # one station holds so many of them
    rounds: int = 5


QUICK = Sizes(20_000, 600, 3)


def run(*, quick: bool) -> Report:
    """Facts, sheets, meters; one district."""
    return _Run(QUICK if quick else Sizes()).report()


class _Run:
    def __init__(self, sizes: Sizes) -> None:
        self.sizes = sizes
        self.clerk = a_user(Role.CENTRE, name="测试中心甲")
        self.document = issued(0, self.clerk)

    def report(self) -> Report:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        self._fill()
        every = _years(list(Station.objects.order_by("number")))
        for year in every[::2]:
            freezing._take(year.station, year.period, year.cutoff, self.clerk)
        data.settled()
        return self._measured(every)

    def _fill(self) -> None:
        data.employers(self.clerk)
        others, rest = STATIONS - 1, self.sizes.rows - self.sizes.big
        sizes = [self.sizes.big, *(rest // others + (at < rest % others) for at in range(others))]
        made = data.stations(sizes, first=0, row=0, document=self.document)
        shift = min(data.SHIFT, self.sizes.rows // 2)
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
        data.people(0, self.sizes.rows, shift)
        data.settled()
        data.deliveries(made, shift)
        data.papers(made, self.clerk)
        _decided()
        _checked(self.clerk.pk)
        data.settled()

    def _measured(self, every: list[YearOf]) -> Report:
        big, day = every[:1], today()
        gathered = gather_many(every, as_of=day, official=True)
        stations = [year.station for year in every]
        report = Report("Sheets of a district", ("what", "time", "times the bare aggregate", "queries"))
        work: dict[str, tuple[Any, list[Any]]] = {
            f"facts of {STATIONS} official sheets": (lambda years: gather_many(years, as_of=day, official=True), every),
            f"facts of {STATIONS} years as they stand": (
                lambda years: gather_many(years, as_of=day, official=False),
                every,
            ),
            f"live meters of {STATIONS} stations": (lambda rows: meters(rows, day=day), stations),
        }
        contenders = {name: _timed(call, rows) for name, (call, rows) in work.items()}
        contenders["live meter of the largest station"] = _timed(
            work[f"live meters of {STATIONS} stations"][0], stations[:1]
        )
        contenders["official facts of the largest station"] = _timed(
            work[f"facts of {STATIONS} official sheets"][0], big
        )
        contenders[f"points, words and snapshots of {STATIONS} sheets, without their facts"] = lambda: seconds(
            lambda: [_sheet(gathered[year.station.pk], year.policy) for year in every]
        )
        contenders["people of the largest station, one by one"] = lambda: seconds(lambda: list(_people(big[0])))
        contenders["bare"] = lambda: seconds(_bare)
        found = interleaved(contenders, self.sizes.rounds)
        for name, taken in found.items():
            if name == "bare":
                report.add("a bare aggregate over the same deliveries and checks", time_text(taken), "", "1")
                continue
            cells, met = "", None
            if name in work:
                call, rows = work[name]
                one, all_ = _asked(call, rows[:1]), _asked(call, rows)
                few = _asked(call, rows[:2])
                cells, met = f"{few} / {all_} with 2 / {STATIONS}", few == all_
                cells += f", {one} with one"
            report.add(
                name, time_text(taken), f"{rounds_of(found, name, 'bare'):.1f} ×", cells,
                reach="queries constant" if met is not None else "", met=met,
            )  # fmt: skip
        rows = sum(found_.of_roster.raw for found_ in gathered.values())
        each = median(found[f"facts of {STATIONS} official sheets"]) / STATIONS
        report.notes.append(
            f"{self.sizes.rows:,} deliveries of {STATIONS} stations, {rows:,} of them in the assessed years,"
            f" half of which are frozen; {1000 * each:.0f} ms a sheet."
        )
        report.notes.append(machine("django", "psycopg"))
        return report


def _years(stations: list[Station]) -> list[YearOf]:
    """The last complete year of each."""
    found = []
    for station in stations:
        policy = policy_on(today()).policy
        period = periods_to_assess(station.established_on, policy=policy, on=today())[-1]
        found.append(YearOf(station, period, period.opens_on, policy_on(period.end).policy))
    return found


def _sheet(facts: SheetFacts, policy: Policy) -> str:
    """Everything the form needs: points, arithmetic, remarks, the snapshot with its digest, and its rebuild."""
    judged, extra = proposed(facts, policy=policy), skill(facts, policy=policy)
    lines = []
    for line in policy.indicators:
        words(line.code, facts, policy=policy)
        notes(line.code, facts, policy=policy)
        skill_points = extra.suggested if extra and line.code == PEOPLE else None
        points = expected(line.code, facts, policy=policy, parts=judged.get(line.code, ()), skill_points=skill_points)
        lines.append(Line(line.code, points or Decimal(0), judged.get(line.code, ()), skill_points))
    assert lines[-1].code == GIVEN
    said = snapshot(facts, lines, policy=policy, certainty="CONFIRMED", about={})
    assert not rebuild(said).differences
    return digest(said)


def _people(year: YearOf) -> Any:
    return people_of(year.station, year.period, cutoff=year.cutoff, as_of=today(), policy=year.policy)


def _timed(call: Any, rows: list[Any]) -> Any:
    return lambda: seconds(lambda: call(rows))


def _asked(call: Any, rows: list[Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        call(rows)
    # Once a second any process asks whether a version of the notice was recorded: a matter of time, not of stations.
    return sum("rulebook_" not in query["sql"] for query in captured.captured_queries)


def _decided() -> None:
    """Of twenty rows sixteen count, one waits, three do not."""
    _run(
        "UPDATE stations_delivery SET qualified_on = CASE WHEN seq % 20 > 3 THEN entry_on + 60 END,"
        " status = CASE WHEN seq % 20 > 3 THEN 'COUNTED' WHEN seq % 20 = 3 THEN 'PENDING' ELSE 'EXCLUDED' END,"
        " codes = CASE WHEN seq % 20 > 3 THEN '{}' WHEN seq % 20 = 3 THEN '{E10}'::varchar[] ELSE '{E07}' END"
    )


def _checked(by: object) -> None:
    """A check for each counted row whose six months are over; nine of ten answered, two of three of these 留用."""
    _run(
        "INSERT INTO stations_retentioncheck (id, delivery_id, check_on, due_on, opened_at, result, note, si_month_ok,"
        " source, locked, revision, checked_by_id, checked_at, employer_on_check_id)"
        " SELECT gen_random_uuid(), d.id, c.day, c.day + 28, now(), a.result, '', a.result = 'RETAINED',"
        " CASE WHEN a.result = '' THEN '' ELSE 'STATION' END, a.result <> '', 0,"
        " CASE WHEN a.result <> '' THEN %s::uuid END, CASE WHEN a.result <> '' THEN now() END,"
        " CASE WHEN a.result = 'RETAINED' THEN d.employer_id END"
        " FROM stations_delivery d,"
        " LATERAL (SELECT (d.entry_on + interval '6 months')::date AS day) c,"
        " LATERAL (SELECT CASE WHEN d.seq %% 10 = 0 THEN '' WHEN d.seq %% 3 = 0 THEN 'LEFT' ELSE 'RETAINED' END"
        " AS result) a"
        " WHERE d.status = 'COUNTED' AND c.day <= %s",
        [by, today()],
    )


def _bare() -> None:
    """The numbers of every station in one statement over the same two tables."""
    _run(
        "SELECT d.station_id, count(*), count(*) FILTER (WHERE d.status = 'COUNTED'),"
        " count(*) FILTER (WHERE r.result = 'RETAINED' AND r.si_month_ok)"
        " FROM stations_delivery d LEFT JOIN stations_retentioncheck r ON r.delivery_id = d.id"
        " WHERE d.entry_on >= %s GROUP BY d.station_id",
        [data.add_months(today(), -data.OLD + 12)],
        fetch=True,
    )


def _run(sql: str, params: list[object] | None = None, *, fetch: bool = False) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        if fetch:
            cursor.fetchall()
