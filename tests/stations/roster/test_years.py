"""Which year a row belongs to, under both readings and across a change of the reading (R-07)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from jinhua_labor.accounts.enums import Role
from jinhua_labor.policy.periods import Period
from jinhua_labor.rulebook import policy_on
from jinhua_labor.rulebook.book import forget_book
from stations.registry.models import Station
from stations.roster.attribution import year_day
from stations.roster.enums import CountStatus
from stations.roster.models import Delivery
from stations.roster.queries import counting, year_facets
from stations.roster.queries.counting import YearSpan
from stations.roster.queries.retention import counts
from stations.roster.queries.year import rows_of, year_rows
from stations.roster.queries.years import attribution_words, day_of, in_year, qualified_spans, reading_on
from stations.roster.services import freezing
from stations.roster.services.recount_station import period_of
from stations.roster.yearly import year_of
from tests import factories
from tests.meta import rows, rows_roster, rows_rulebook

pytestmark = pytest.mark.django_db
d = dt.date
FIRST, SECOND = Period(1, d(2022, 4, 1), d(2023, 3, 31)), Period(2, d(2023, 4, 1), d(2024, 3, 31))
SINCE = d(2023, 1, 1)
WORDS = {"value": "QUALIFIED", "reading": "按满足连续缴纳2个月之日归入年度。"}
ROWS = {
    "口径之前入职": (d(2022, 12, 31), d(2023, 4, 20)),
    "口径首日入职_次年度满足": (d(2023, 1, 1), d(2023, 4, 20)),
    "末日满足": (d(2023, 2, 1), d(2023, 3, 31)),
    "次年度首日满足": (d(2023, 2, 2), d(2023, 4, 1)),
    "没有满足": (d(2023, 3, 10), None),
    "次年度入职": (d(2023, 5, 1), d(2023, 6, 20)),
}


@pytest.fixture
def reading() -> Iterator[None]:
    """QUALIFIED for who enters from 2023-01-01 on."""
    day = SINCE - dt.timedelta(days=10)
    changes = {"pv": {"year_attribution": WORDS}}
    rows_rulebook.confirmed(changes=changes, valid_from=SINCE, doc_date=day, confirmed_on=day)
    forget_book()
    yield
    forget_book()


@pytest.fixture
def station() -> Station:
    made: Station = rows.station(established_on=FIRST.start, term_from=FIRST.start)
    return made


@pytest.fixture
def there(station: Station) -> dict[str, Delivery]:
    return {name: row(station, *days) for name, days in ROWS.items()}


def row(station: Station, entry_on: d, qualified_on: d | None) -> Delivery:
    status = CountStatus.COUNTED if qualified_on else CountStatus.PENDING
    made: Delivery = rows.delivery(
        operator=station.operator,
        station=station,
        entry_on=entry_on,
        qualified_on=qualified_on,
        status=status,
        codes=[] if qualified_on else ["E10"],
    )
    return made


def named(found: Any, there: dict[str, Delivery]) -> set[str]:
    ids = {one.pk if isinstance(one, Delivery) else one for one in found}
    return {name for name, one in there.items() if one.pk in ids}


def test_没有另作解释的_按入职时间(station: Station, there: dict[str, Delivery]) -> None:
    assert qualified_spans() == ()
    assert named(rows_of(station, FIRST), there) == set(ROWS) - {"次年度入职"}
    assert named(rows_of(station, SECOND), there) == {"次年度入职"}


@pytest.mark.usefixtures("reading")
class Test按满足之日的读法:
    def test_自口径生效起入职的_按满足之日_每行只归一个年度(self, station: Station, there: dict[str, Delivery]) -> None:
        first, second = (named(rows_of(station, period), there) for period in (FIRST, SECOND))
        assert first == {"口径之前入职", "末日满足", "没有满足"}
        assert second == {"口径首日入职_次年度满足", "次年度首日满足", "次年度入职"}

    @pytest.mark.parametrize("entry", [d(2022, 12, 1), d(2022, 12, 31), SINCE, d(2023, 3, 31), d(2023, 9, 1)])
    @pytest.mark.parametrize("after", [None, 1, 45, 120, 400])
    def test_查询与规则一致(self, station: Station, entry: d, after: int | None) -> None:
        qualified = entry + dt.timedelta(days=after) if after else None
        one = row(station, entry, qualified)
        by_rule = year_day(entry, qualified, reading=policy_on(entry).policy.year_attribution)
        assert reading_on(entry, qualified_spans()) is policy_on(entry).policy.year_attribution
        for period in (FIRST, SECOND):
            assert Delivery.objects.filter(in_year(period), pk=one.pk).exists() is (by_rule in period)
        number = period_of(FIRST.start, d(2026, 1, 1), policy_on(entry).policy)(entry, qualified)
        assert number == (1 if by_rule in FIRST else 2 if by_rule in SECOND else 3)

    def test_说明按哪一天归入_一行转到所归的年度(self, there: dict[str, Delivery]) -> None:
        assert attribution_words(SINCE) == "按满足连续参保2个月之日"
        assert attribution_words(SINCE - dt.timedelta(days=1)) == "按入职时间"
        found = {name: year_of(day_of(one), (FIRST, SECOND)) for name, one in there.items()}
        assert {name for name, year in found.items() if year == SECOND} == {
            "口径首日入职_次年度满足",
            "次年度首日满足",
            "次年度入职",
        }

    def test_评分的人数_证书_留用率随之(self, station: Station, there: dict[str, Delivery]) -> None:
        checked = {"result": "VERIFIED", "checked_by": rows.clerk(), "checked_on": SECOND.end}
        rows_roster.certificate(delivery=there["次年度首日满足"], level="4", **checked)
        of_first = {"口径之前入职", "末日满足"}
        of_second = {"口径首日入职_次年度满足", "次年度首日满足", "次年度入职"}
        years = ((FIRST, of_first, [202212, 202302, 202303]), (SECOND, of_second, [202301, 202302, 202305]))
        for period, names, months in years:
            policy = policy_on(period.end).policy
            span = YearSpan(station, period, policy)
            inside = [one for one in counting.rows(span) if one.inside and one.status == CountStatus.COUNTED]
            assert named((one.delivery for one in inside), there) == names
            alike = counting.groups([span])[station.pk]
            assert sum(one.number for one in alike if one.inside and one.status == CountStatus.COUNTED) == len(names)
            assert len(counting.skilled([span])[station.pk]) == (period is SECOND)
            found = counts(station, period=period, cutoff=d(2025, 4, 1), as_of=d(2025, 4, 1), policy=policy)
            assert found.matured == len(names)
            assert [month for month, _ in year_facets.facets(station, period).months] == [str(one) for one in months]

    def test_冻结的年度已计的_补了参保也不在下一年度再计(self, station: Station, there: dict[str, Delivery]) -> None:
        by = factories.user(Role.CENTRE)
        frozen = freezing._take(station, FIRST, d(2023, 4, 1), by)
        assert frozen.counted == 2
        moved = there["末日满足"]
        Delivery.objects.filter(pk=moved.pk).update(qualified_on=d(2023, 4, 30))
        kept = [one.delivery for one in year_rows(station, SECOND, policy=policy_on(SECOND.end).policy)]
        assert str(moved.pk) not in kept
        assert len(kept) == 3
