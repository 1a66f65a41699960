"""A station's workers counted year by year, a district in one go, and what changed told row by row (R-02, R-07)."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from jinhua_labor.accounts.models import User
from jinhua_labor.audit.models import AuditEntry
from stations.roster.enums import CountStatus, Kept, RecountCause
from stations.roster.models import Delivery, Recount
from stations.roster.services import claims
from stations.roster.services import recount_station as recounts
from stations.roster.services.recount import recount_list
from stations.roster.services.recount_station import begin, recount_nightly, recount_station, run
from tests.factories import credit_code
from tests.queries import queries

from .build import add, employer, empty_list, insured
from .build_station import deliver, insure, station_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel("2023-06-01 09:00+08:00", tick=False):
        yield


def paid(row: Delivery, *months: int) -> list[list[object]]:
    return [insured(row, month, paid_on=f"{month // 100}-{month % 100:02d}-20") for month in months]


def state_of(row: Delivery) -> tuple[str, list[str]]:
    row.refresh_from_db()
    return row.status, row.codes


def test_每个年度各计一次_同一年度只计一次(operator_user: User, centre_clerk: User) -> None:
    station = station_of(operator_user)  # years begin on 1 March
    first = deliver(station, operator_user, entry_on=dt.date(2021, 3, 10))
    other = employer(operator_user, name="示例第二制造有限公司", code=credit_code(9002))
    same_year = deliver(station, operator_user, entry_on=dt.date(2021, 9, 1), employer=other)
    next_year = deliver(station, operator_user, entry_on=dt.date(2022, 3, 5))
    lines = paid(first, 202103, 202104, 202109, 202110, 202203, 202204)
    insure(station, centre_clerk, lines, (202103, 202204))
    assert state_of(first) == ("COUNTED", [])
    assert state_of(same_year) == ("EXCLUDED", ["E13"])
    assert state_of(next_year) == ("COUNTED", [])


def test_重复核算没有变化(operator_user: User, centre_clerk: User) -> None:
    station = station_of(operator_user)
    row = deliver(station, operator_user)
    insure(station, centre_clerk, paid(row, 202103, 202104))
    assert recount_station(station=station) == 0


def test_另一站先报送的人员_后报送的待认定(operator_user: User, stranger_operator: User, centre_clerk: User) -> None:
    one, two = station_of(operator_user), station_of(stranger_operator)
    mine = deliver(one, operator_user)
    Delivery.objects.filter(pk=mine.pk).update(created_at=dt.datetime(2021, 4, 1, tzinfo=dt.UTC))
    other = employer(operator_user, name="示例第二制造有限公司", code=credit_code(9002))
    theirs = deliver(two, stranger_operator, entry_on=dt.date(2021, 6, 10), employer=other)
    lines = paid(mine, 202103, 202104) + [insured(theirs, month, paid_on="2021-07-20") for month in (202106, 202107)]
    insure(None, centre_clerk, lines, (202103, 202107))
    assert state_of(mine) == ("COUNTED", [])
    assert state_of(theirs) == ("PENDING", ["E14"])
    claims.decide(claimant=theirs, holder=mine, kept=Kept.CLAIMANT, reason="核对合同，转由该站输送", by=centre_clerk)
    recount_station(station=one)
    recount_station(station=two)
    assert state_of(theirs) == ("COUNTED", [])
    assert state_of(mine) == ("EXCLUDED", ["E13"])


def test_先报送的一行作废后_另一站的不再待认定(
    operator_user: User, stranger_operator: User, centre_clerk: User
) -> None:
    one, two = station_of(operator_user), station_of(stranger_operator)
    # The first station of the run is counted before the second, and learns only afterwards what became of its row.
    type(two).objects.filter(pk=two.pk).update(established_on=dt.date(2021, 2, 1))
    mine = deliver(one, operator_user)
    Delivery.objects.filter(pk=mine.pk).update(created_at=dt.datetime(2021, 4, 1, tzinfo=dt.UTC))
    other = employer(operator_user, name="示例第二制造有限公司", code=credit_code(9002))
    theirs = deliver(two, stranger_operator, entry_on=dt.date(2021, 6, 10), employer=other)
    insure(None, centre_clerk, [*paid(mine, 202103, 202104), *paid(theirs, 202106, 202107)], (202103, 202107))
    assert state_of(theirs)[1] == ["E14"]
    Delivery.objects.filter(pk=mine.pk).update(employment_form="DISPATCH")
    run(recount=begin(station=None, cause=RecountCause.ASKED, by=centre_clerk))
    assert state_of(mine) == ("EXCLUDED", ["E07"])
    assert state_of(theirs) == ("COUNTED", [])


def test_为别站查来的月份也算_后查的为准(operator_user: User, stranger_operator: User, centre_clerk: User) -> None:
    """An extract is not asked for a station's people alone: whoever is named in one is known from it."""
    one, two = station_of(operator_user), station_of(stranger_operator)
    mine = deliver(one, operator_user)
    other = employer(operator_user, name="示例第二制造有限公司", code=credit_code(9002))
    deliver(two, stranger_operator, entry_on=dt.date(2022, 6, 10), employer=other)
    insure(two, centre_clerk, paid(mine, 202103, 202104), (202103, 202104))
    recount_station(station=one)
    assert state_of(mine) == ("COUNTED", [])
    insure(two, centre_clerk, paid(mine, 202103), (202103, 202104))
    recount_station(station=one)
    assert state_of(mine)[0] != "COUNTED"


def test_名册归站后按站核算_名册的合计跟着变(operator_user: User, centre_clerk: User) -> None:
    station = station_of(operator_user)
    roster_list = empty_list(operator_user)
    row = add(roster_list, operator_user)
    recount_list(roster_list=roster_list)
    Delivery.objects.filter(pk=row.pk).update(station=station)
    insure(station, centre_clerk, paid(row, 202103, 202104))
    roster_list.refresh_from_db()
    assert (roster_list.rows, roster_list.counted, roster_list.pending) == (1, 1, 0)
    assert recount_list(roster_list=roster_list).counted == 1


def test_归站名册的查询对站点有效(operator_user: User, centre_clerk: User) -> None:
    """Who was asked for with the list and not found was not insured, also after the station took the list over."""
    from .build import bring_in

    station = station_of(operator_user)
    roster_list = empty_list(operator_user)
    row = add(roster_list, operator_user)
    first = bring_in(roster_list, centre_clerk, paid(row, 202103, 202104))
    type(first).objects.filter(pk=first.pk).update(at=dt.datetime(2023, 5, 31, tzinfo=dt.UTC))
    Delivery.objects.filter(pk=row.pk).update(created_at=dt.datetime(2023, 5, 30, tzinfo=dt.UTC))
    bring_in(roster_list, centre_clerk, [], (202103, 202106))
    Delivery.objects.filter(pk=row.pk).update(station=station)
    recount_station(station=station)
    assert state_of(row) == ("EXCLUDED", ["E09"])


# --- what changed -----------------------------------------------------------------------------------------------------


def test_变化逐行留下_前后和合计(operator_user: User, centre_clerk: User) -> None:
    station = station_of(operator_user)
    row, still = deliver(station, operator_user), deliver(station, operator_user, 2)
    insure(station, centre_clerk, paid(row, 202103, 202104) + paid(still, 202103, 202104))
    Delivery.objects.filter(pk=row.pk).update(employment_form="DISPATCH")
    found = run(recount=begin(station=None, cause=RecountCause.ASKED, by=centre_clerk))
    assert (found.stations, found.rows, found.changed) == (1, 2, 1)
    assert (found.counted_before, found.counted, found.excluded_before, found.excluded) == (2, 1, 0, 1)
    (change,) = found.changes.all()
    assert (change.delivery_id, change.before_status, change.before_codes) == (row.pk, "COUNTED", [])
    assert (change.after_status, change.after_codes) == ("EXCLUDED", ["E07"])
    assert AuditEntry.objects.filter(action="station.recount_district", actor=centre_clerk).count() == 1


def test_中断后再运行_前后仍是第一次之前(operator_user: User, centre_clerk: User) -> None:
    station = station_of(operator_user)
    row = deliver(station, operator_user)
    insure(station, centre_clerk, paid(row, 202103, 202104))
    Delivery.objects.filter(pk=row.pk).update(employment_form="DISPATCH")
    recount = begin(station=None, cause=RecountCause.ASKED, by=centre_clerk)
    recount_station(station=station, recount=recount)  # and there it was killed
    found = run(recount=recount)
    assert (found.changed, found.counted_before, found.excluded) == (1, 1, 1)


def test_导入参保数据留下变化(operator_user: User, centre_clerk: User) -> None:
    station = station_of(operator_user)
    row = deliver(station, operator_user)
    insure(station, centre_clerk, paid(row, 202103, 202104))
    (found,) = Recount.objects.all()
    assert (found.cause, found.station, found.changed) == ("INSURANCE", station, 1)
    assert found.changes.get().before_codes == ["E10"]


def test_每夜核算_没有变化不留记录(operator_user: User, centre_clerk: User) -> None:
    station = station_of(operator_user)
    row = deliver(station, operator_user, entry_on=dt.date(2023, 4, 20))
    with time_machine.travel("2023-05-30 09:00+08:00", tick=False):
        insure(station, centre_clerk, [], (202304, 202305))
        assert state_of(row) == ("PENDING", ["E10"])
        assert recount_nightly() is None
    found = recount_nightly()  # 1 June: the second month is over
    assert found is not None
    assert (found.cause, found.changed, found.by) == ("NIGHTLY", 1, None)
    assert state_of(row) == ("EXCLUDED", ["E09"])
    assert recount_nightly() is None


def test_命令核算全区并说明变化(operator_user: User) -> None:
    station = station_of(operator_user)
    row = deliver(station, operator_user)
    Delivery.objects.filter(pk=row.pk).update(status=CountStatus.COUNTED, codes=[])
    out = StringIO()
    call_command("recount_district", stdout=out)
    assert "1 个工作站 1 行，1 行有变化" in out.getvalue()
    assert "计入 1 → 0，待核 0 → 1" in out.getvalue()
    call_command("recount_district", station=station.number, stdout=out)
    assert "0 行有变化" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("recount_district", station="JD-2099-999")


def test_人再多也是同样多的语句(operator_user: User, centre_clerk: User) -> None:
    station = station_of(operator_user)

    def asked() -> int:
        Delivery.objects.filter(station=station).update(status=CountStatus.COUNTED)
        return len(queries(lambda: run(recount=begin(station=station, cause=RecountCause.ASKED, by=centre_clerk))))

    deliver(station, operator_user)
    few = asked()
    for number in range(2, 12):
        deliver(station, operator_user, number)
    assert asked() == few


def test_进度随核算推进(operator_user: User, centre_clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recounts, "REPORT_EVERY", 1)
    station = station_of(operator_user)
    for number in (1, 2, 3):
        deliver(station, operator_user, number)
    told: list[tuple[int, int]] = []
    run(
        recount=begin(station=None, cause=RecountCause.ASKED, by=centre_clerk),
        progress=lambda done, total, _: told.append((done, total)),
    )
    assert told[0] == (0, 3)
    assert told == sorted(told)
    assert {total for _, total in told} == {3}
