"""A station's year with a whole district behind it: 1 000 000 deliveries and 7 000 000 insured months of 285 stations.

A district of 30 000 people comes first and is counted alone; then one station with 30 000 entries in its running year,
then the rest. Every page of a station and every list beside the register is asked for with nine stations and with 285:
its number of queries may not grow. Times are of one reader on a kept connection, all pages taking turns; beside them a
bare view of the same rows behind the same middleware. `--quick` is a fiftieth of everything: at the small station a
filter may then find nobody, and a page without rows asks less.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from stations.registry.models import Station
from stations.registry.views.tabs import register_tabs, station_tabs
from stations.roster.enums import CountStatus, RecountCause
from stations.roster.models import Delivery, InsuredMonth
from stations.roster.queries.year import years_of
from stations.roster.services import headcount, recount_station, retention
from tests.factories import user as a_user

from . import year_data as data
from .asking import Ask, Browser, queries
from .measure import Report, child, interleaved, machine, median, percentile, rounds_of, seconds, time_text
from .pages import issued, served

STATIONS, DISTRICT = 285, 9  # the first nine are the district of 30 000
REACH = 1.0  # seconds within which 95 of 100 pages are there
MEMORY = 400  # MB
SAMPLE = 200  # people who are looked for
BARE, BARE_SEARCH = "bare view: count, fifty rows, a table", "bare view: one person by keyed hash"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything, and how often."""

    district: int = 30_000
    big: int = 30_000
    rest: int = 940_000
    asked: int = 200
    rounds: int = 5

    @property
    def rows(self) -> int:
        return self.district + self.big + self.rest


QUICK = Sizes(600, 600, 18_800, 40, 3)


def run(*, quick: bool) -> list[Report]:
    """Recounts, pages, exports."""
    with tempfile.TemporaryDirectory() as folder:
        settings.STATIC_ROOT = os.environ["BENCH_STATIC"] = folder
        call_command("collectstatic", interactive=False, verbosity=0)
        return _Run(QUICK if quick else Sizes()).reports()


class _Run:
    def __init__(self, sizes: Sizes) -> None:
        self.sizes = sizes
        self.clerk = a_user(Role.CENTRE, name="测试中心甲")
        self.document = issued(0, self.clerk)
        self.shift = min(data.SHIFT, sizes.district // 2)
        self.recounts = Report("Recount", ("what", "time", "times a bare aggregate", "rows a second"))
        self.client = Client()
        self.client.force_login(self.clerk)

    def reports(self) -> list[Report]:
        _unlimited()
        data.employers(self.clerk)
        data.extracts(self.clerk)
        sizes = self.sizes
        district = self._filled(_even(sizes.district, DISTRICT), 0, 0)
        self._count(f"district of {sizes.district:,} in {DISTRICT} stations, alone in the database", None)
        retention.open_due(day=today())
        headcount.add_up()
        small = district[0].station
        few = self._queries(small)
        (big,) = self._filled([sizes.big], DISTRICT, sizes.district, this_year=True)
        others = STATIONS - DISTRICT - 1
        self._filled(_even(sizes.rest, others), DISTRICT + 1, sizes.district + sizes.big)
        self._whole()
        self._count(f"one station of {sizes.big:,} among {STATIONS}", big.station)
        self._count(f"one station of {district[0].rows:,} among {STATIONS}", small)
        many = self._queries(big.station)
        return [self.recounts, self._pages(big, few, many), self._exports(big.station)]

    def _filled(self, sizes: list[int], first: int, row: int, *, this_year: bool = False) -> list[data.Filled]:
        made = data.stations(sizes, first=first, row=row, document=self.document)
        data.load(made, self.shift, self.clerk, this_year=this_year)
        return made

    # --- recounts -----------------------------------------------------------------------------------------------------

    def _count(self, name: str, station: Station | None) -> None:
        """A recount as the button does it, every row changing and nothing changing, beside a bare aggregate."""
        number = _rows(station).count()

        def first() -> float:
            _forget(station)
            return seconds(lambda: _recount(station))

        found = interleaved(
            {
                "first": first,
                "again": lambda: seconds(lambda: _recount(station)),
                "bare": lambda: seconds(lambda: _bare(station)),
            },
            self.sizes.rounds,
        )
        for key, words in (("first", "every row changes"), ("again", "nothing changes")):
            self.recounts.add(
                f"{name}, {words}", time_text(found[key]), f"{rounds_of(found, key, 'bare'):.1f} ×",
                f"{number / median(found[key]):,.0f}",
            )  # fmt: skip
        self.recounts.add(f"{name}, one bare aggregate over the same tables", time_text(found["bare"]), "", "")

    def _whole(self) -> None:
        """What the worker does once with everything: the first count, the opening of 留用 checks, the nightly count."""
        number = Delivery.objects.count()
        for name, work in (
            (f"all {STATIONS} stations, {number:,} rows, first count, once", lambda: _recount(None)),
            ("opening the 留用 checks that are due, once", lambda: retention.open_due(day=today())),
        ):
            taken = seconds(work)
            self.recounts.add(name, f"{taken:.1f} s", "", f"{number / taken:,.0f}")
        data.answered(self.clerk)
        data.settled()
        taken = seconds(lambda: _recount(None))
        self.recounts.add(
            f"all {STATIONS} stations, again with their checks, once", f"{taken:.1f} s", "", f"{number / taken:,.0f}"
        )
        taken = seconds(headcount.add_up)
        self.recounts.add(
            "the district's numbers for the start page, once", f"{taken:.1f} s", "", f"{number / taken:,.0f}"
        )
        months = InsuredMonth.objects.count()
        self.recounts.notes.append(f"{number:,} deliveries, {months:,} insured months.  ")
        self.recounts.notes.append(machine("django", "psycopg"))

    # --- pages --------------------------------------------------------------------------------------------------------

    def _asks(self, station: Station) -> dict[str, Ask]:
        """Every page of a station and every list beside the register, by name."""
        year = years_of(station)[0]
        roster = reverse("roster:year", args=[station.pk, year.number])
        pages = max(1, -(-station.deliveries.filter(entry_on__gte=year.start).count() // 50))
        number = {"id_number": data.number_of(self._rows_of(station)[0])}
        found = {
            "roster 名册, first page": roster,
            "roster 名册, last page": f"{roster}?page={pages}",
            "roster 名册, one status": f"{roster}?status=COUNTED",
            "roster 名册, one employer": f"{roster}?employer={_employer(station)}",
            "roster 名册, one month of entry": f"{roster}?month={today():%Y%m}",
            "roster 名册, 本周应统计": f"{roster}?due=week",
            "roster 名册, without a contract": f"{roster}?contract=MISSING",
            "roster 名册, part of a name": f"{roster}?q=%E8%AF%95",
        }
        asks = {name: Ask(address) for name, address in found.items()}
        asks["search by full number 查找人员"] = Ask(reverse("roster:search"), number)
        asks["search in a station 查找人员"] = Ask(reverse("roster:station_find", args=[station.pk]), number, 302)
        for tabs, kind in ((station_tabs(station, self.clerk, here=""), "station"), (_lists(self.clerk), "list")):
            for tab in tabs:
                asks.setdefault(f"{kind}: {tab['label']}", Ask(tab["url"]))
        return asks

    def _rows_of(self, station: Station) -> tuple[int, int]:
        """Which rows of the run are the station's, and how many."""
        at, sizes = int(station.number[-5:]), self.sizes
        if at < DISTRICT:
            return sum(_even(sizes.district, DISTRICT)[:at]), _even(sizes.district, DISTRICT)[at]
        return sizes.district, sizes.big

    def _queries(self, station: Station) -> dict[str, int]:
        return {name: queries(self.client, ask) for name, ask in self._asks(station).items()}

    def _pages(self, big: data.Filled, few: dict[str, int], many: dict[str, int]) -> Report:
        asks = self._asks(big.station)
        since = years_of(big.station)[0].start
        peers = {BARE: Ask(f"/bench/roster/{big.station.pk}/{since}/"), BARE_SEARCH: Ask("/bench/search/", {})}
        sample = [at for at in range(0, self.sizes.rows, self.sizes.rows // SAMPLE) if at % data.TWICE < 490]
        session = self.client.cookies[settings.SESSION_COOKIE_NAME].value
        connection.close()
        with served() as port:
            browser, turn = Browser(port, session, reverse("roster:index")), [0]

            def one(name: str, ask: Ask) -> float:
                if name in ("search by full number 查找人员", BARE_SEARCH):
                    turn[0] += 1
                    ask = ask._replace(sends={"id_number": data.number_of(sample[turn[0] % len(sample)])})
                elif ask.sends is not None:
                    turn[0] += 1
                    ask = ask._replace(sends={"id_number": data.number_of(big.first + turn[0] * 7)})
                return browser.seconds(ask)

            every = {name: lambda name=name, ask=ask: one(name, ask) for name, ask in {**peers, **asks}.items()}
            interleaved(every, 3)  # warm: templates, connections, statistics
            found = interleaved(every, self.sizes.asked)
        _unlimited()
        report = Report(
            f"Pages with {self.sizes.rows:,} deliveries of {STATIONS} stations behind them",
            ("page", "p50", "p95", "times the bare view", "queries with 9 / 285 stations"),
        )
        for name in every:
            p50, p95 = median(found[name]), percentile(found[name], 95)
            bare = BARE_SEARCH if name == "search by full number 查找人员" else BARE
            is_page = name in asks
            report.add(
                name, f"{p50 * 1000:.0f} ms", f"{p95 * 1000:.0f} ms",
                f"{rounds_of(found, name, bare):.1f} ×" if is_page else "",
                f"{few[name]} / {many[name]}" if is_page else "",
                reach=f"p95 ≤ {REACH:g} s, constant" if is_page else "",
                met=p95 <= REACH and many[name] <= few[name] if is_page else None,
            )  # fmt: skip
        report.notes.append(
            f"Each page {self.sizes.asked} times; the roster is one year of {self.sizes.big:,} entries.  "
        )
        report.notes.append(machine("django", "gunicorn", "psycopg"))
        return report

    # --- exports ------------------------------------------------------------------------------------------------------

    def _exports(self, station: Station) -> Report:
        report = Report(
            f"Export of {self.sizes.big:,} rows as the worker makes it",
            ("file", "how", "time", "rows a second", "peak memory", "progress seen"),
        )
        number = years_of(station)[0].number
        connection.close()
        for kind, words in (("annex2", "附件2"), ("working", "工作表")):
            results: dict[str, list[dict[str, Any]]] = {"portal": [], "bare": []}

            def once(who: str, kind: str = kind, results: dict[str, list[dict[str, Any]]] = results) -> float:
                made = child("tests.benchmarks.year_contender", who, station.pk, number, kind, self.clerk.pk)
                if made["rows"] != self.sizes.big:
                    raise SystemExit(f"{made['rows']} of {self.sizes.big} rows were written")
                results[who].append(made)
                return float(made["seconds"])

            found = interleaved({who: lambda who=who: once(who) for who in results}, self.sizes.rounds)
            for who, how in (("portal", "portal: job, checks of every cell, journal, kept file"), ("bare", "openpyxl")):
                peak = max(float(result["peak_mb"]) for result in results[who])
                is_portal = who == "portal"
                told = f" ({rounds_of(found, who, 'bare'):.1f} ×)" if is_portal else ""
                report.add(
                    words, how, time_text(found[who]) + told, f"{self.sizes.big / median(found[who]):,.0f}",
                    f"{peak:.0f} MB",
                    f"{median([result['seen'] for result in results[who]]):.0f} states" if is_portal else "",
                    reach=f"≤ {MEMORY} MB" if is_portal else "", met=peak <= MEMORY if is_portal else None,
                )  # fmt: skip
        report.notes.append(machine("openpyxl", "cryptography"))
        return report


def _even(rows: int, parts: int) -> list[int]:
    """So many rows over so many stations, nearly the same for each."""
    return [rows // parts + (at < rows % parts) for at in range(parts)]


def _lists(user: User) -> list[dict[str, Any]]:
    return [
        {"label": "名册", "url": reverse("roster:index")},
        {"label": "首页", "url": reverse("dashboard:home")},
        *register_tabs(user, here=""),
    ]


def _employer(station: Station) -> str:
    """The employer of the latest entry: the running year has a row of it."""
    return str(station.deliveries.values_list("employer", flat=True).order_by("-entry_on", "seq")[0])


def _recount(station: Station | None) -> None:
    recount_station.run(recount=recount_station.begin(station=station, cause=RecountCause.COMMAND, by=None))


def _forget(station: Station | None) -> None:
    """Takes every row back to uncounted, so that the next count writes them all."""
    _rows(station).update(status=CountStatus.PENDING, codes=[], flags=[], qualified_on=None, counted_at=None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM stations_delivery")


def _rows(station: Station | None) -> QuerySet[Delivery]:
    """The deliveries of a station, or of all."""
    rows = Delivery.objects.filter(station__isnull=False)
    return rows if station is None else rows.filter(station=station)


def _bare(station: Station | None) -> None:
    """What the recount reads, added up by one statement."""
    stations = [station.pk] if station is not None else list(Station.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.status, e.in_district, p.sex, count(*), sum(m.months), min(d.entry_on), max(p.birth)"
            "  FROM stations_delivery d JOIN stations_person p ON p.id = d.person_id"
            "  JOIN stations_employer e ON e.id = d.employer_id"
            "  LEFT JOIN LATERAL (SELECT count(*) AS months FROM stations_insuredmonth i"
            " WHERE i.person_id = d.person_id) m ON true WHERE d.station_id = ANY(%s) GROUP BY 1, 2, 3",
            [stations],
        )
        cursor.fetchall()


def _unlimited() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
