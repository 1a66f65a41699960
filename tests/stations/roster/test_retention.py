"""留用统计 of a station: opened by the day, answered once, corrected by the centre, told in time (R-27)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from jinhua_labor.accounts.models import User
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.models import Message
from jinhua_labor.policy.periods import Period
from jinhua_labor.rulebook import policy_on
from stations.roster.enums import CountStatus, RetentionResult
from stations.roster.models import Delivery, RetentionCheck
from stations.roster.queries.retention import DONE, LATE, OPEN, WEEK, counts, listed, overview, owed
from stations.roster.retention import RetentionCounts
from stations.roster.services import retention
from stations.roster.services.recount_station import recount_station
from stations.roster.services.retention import Answer
from tests import factories
from tests.queries import queries

from .build import CODE, insured
from .build_station import CHECK, deliver, insure, opened, station_of

pytestmark = pytest.mark.django_db
RETAINED, LEFT, UNVERIFIED = RetentionResult.RETAINED, RetentionResult.LEFT, RetentionResult.UNVERIFIED
LATER = dt.date(2021, 12, 1)


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel("2021-12-01 09:00+08:00", tick=False):
        yield


def all_months(row: Delivery, *months: int) -> list[list[object]]:
    return [insured(row, month, paid_on=f"{month // 100}-{month % 100:02d}-20") for month in months]


# --- opened by the day ------------------------------------------------------------------------------------------------


def test_满六个月那天自动开始统计且只开一次(operator_user: User) -> None:
    station = station_of(operator_user)
    deliver(station, operator_user)
    assert retention.open_due(day=CHECK - dt.timedelta(days=1)) == 0
    assert retention.open_due(day=CHECK) == 1
    assert retention.open_due(day=CHECK) == 0
    assert retention.open_due(day=LATER) == 0
    (check,) = RetentionCheck.objects.all()
    assert (check.check_on, check.due_on, check.result, check.locked) == (CHECK, dt.date(2021, 10, 14), "", False)


@pytest.mark.parametrize(
    ("entry", "day", "check"),
    [
        pytest.param(dt.date(2021, 8, 31), dt.date(2022, 2, 28), dt.date(2022, 2, 28), id="月末对月末"),
        pytest.param(dt.date(2021, 8, 28), dt.date(2022, 2, 28), dt.date(2022, 2, 28), id="同月前几日"),
        pytest.param(dt.date(2021, 8, 31), dt.date(2022, 2, 27), None, id="月末前一天不开"),
        pytest.param(dt.date(2021, 4, 1), dt.date(2021, 10, 8), dt.date(2021, 10, 1), id="停机几天后补开"),
    ],
)
def test_应统计日由入职日推算(operator_user: User, entry: dt.date, day: dt.date, check: dt.date | None) -> None:
    deliver(station_of(operator_user), operator_user, entry_on=entry)
    with time_machine.travel(dt.datetime.combine(day, dt.time(9)), tick=False):
        retention.open_due(day=day)
    assert list(RetentionCheck.objects.values_list("check_on", flat=True)) == ([check] if check else [])


def test_不计的人员和没有站点的名册不开(operator_user: User) -> None:
    station = station_of(operator_user)
    deliver(station, operator_user, employment_form="DISPATCH")
    row = deliver(station, operator_user, 2)
    Delivery.objects.filter(pk=row.pk).update(station=None)
    recount_station(station=station)
    assert retention.open_due(day=LATER) == 0


def test_设立前已满六个月的不统计(operator_user: User) -> None:
    station = station_of(operator_user, established_on=dt.date(2021, 9, 11))
    deliver(station, operator_user)
    assert retention.open_due(day=LATER) == 0


def test_开始统计时告知一次而不是每天(operator_user: User) -> None:
    station = station_of(operator_user)
    deliver(station, operator_user)
    deliver(station, operator_user, 2, entry_on=dt.date(2021, 6, 2))
    retention.open_due(day=LATER)
    assert Message.objects.filter(user=operator_user, subject__contains="请统计留用").count() == 1
    with time_machine.travel("2021-12-02 09:00+08:00", tick=False):
        assert retention.open_due(day=dt.date(2021, 12, 2)) == 1
    assert Message.objects.filter(user=operator_user, subject__contains="请统计留用").count() == 1


def test_人再多也是同样多的语句(operator_user: User) -> None:
    station = station_of(operator_user)

    def asked(day: dt.date, people: int) -> int:
        found: list[int] = []
        sent = queries(lambda: found.append(retention.open_due(day=day)))
        assert found == [people]
        return len(sent)

    deliver(station, operator_user)
    few = asked(CHECK, 1)
    for number in range(2, 8):
        deliver(station, operator_user, number, entry_on=dt.date(2021, 3, 10 + number))
    assert asked(LATER, 6) <= few


# --- reminders --------------------------------------------------------------------------------------------------------


def test_到期前提醒一次且只提醒还没统计的(operator_user: User, stranger_operator: User) -> None:
    done, owing = station_of(stranger_operator), station_of(operator_user)
    deliver(done, stranger_operator)
    deliver(owing, operator_user, 2)
    with time_machine.travel("2021-09-10 09:00+08:00", tick=False):
        retention.open_due(day=CHECK)
        (check,) = RetentionCheck.objects.filter(delivery__station=done)
        retention.answer(station=done, answers={check.pk: Answer(LEFT)}, by=stranger_operator)
    assert retention.remind(day=dt.date(2021, 9, 30)) == 0
    assert retention.remind(day=dt.date(2021, 10, 8)) == 1
    assert retention.remind(day=dt.date(2021, 10, 9)) == 0
    told = Message.objects.filter(subject__contains="即将到期")
    assert [message.user for message in told] == [operator_user]
    assert "2021年10月14日" in told[0].body


def test_过了截止日不再提醒(operator_user: User) -> None:
    deliver(station_of(operator_user), operator_user)
    with time_machine.travel("2021-09-10 09:00+08:00", tick=False):
        retention.open_due(day=CHECK)
    assert retention.remind(day=dt.date(2021, 10, 15)) == 0


# --- answered once ----------------------------------------------------------------------------------------------------


def test_提交后锁定_再答不同的结果被拒绝(operator_user: User) -> None:
    station = station_of(operator_user)
    deliver(station, operator_user)
    (check,) = opened(station)
    assert retention.answer(station=station, answers={check.pk: Answer(RETAINED)}, by=operator_user).taken == 1
    check.refresh_from_db()
    assert (check.result, check.locked, check.checked_by) == (RETAINED, True, operator_user)
    assert check.employer_on_check is not None
    assert check.employer_on_check.credit_code == CODE
    again = retention.answer(station=station, answers={check.pk: Answer(RETAINED)}, by=operator_user)
    assert (again.taken, again.refused) == (0, {})
    other = retention.answer(station=station, answers={check.pk: Answer(LEFT)}, by=operator_user)
    assert other.taken == 0
    assert "只统计一次" in other.refused[check.pk]
    with pytest.raises(DatabaseError), transaction.atomic():
        RetentionCheck.objects.filter(pk=check.pk).update(result=LEFT)
    entry = AuditEntry.objects.get(action="retention.count")
    assert entry.detail == {"rows": 1, "RETAINED": 1}


@pytest.mark.parametrize(
    ("leave_on", "refused"),
    [
        pytest.param(CHECK, True, id="应统计日当天离职不能答留用"),
        pytest.param(CHECK + dt.timedelta(days=1), False, id="次日离职可以答留用"),
    ],
)
def test_与名册的离职时间不合的不收(operator_user: User, leave_on: dt.date, refused: bool) -> None:
    station = station_of(operator_user)
    deliver(station, operator_user, leave_on=leave_on)
    (check,) = opened(station)
    result = retention.answer(station=station, answers={check.pk: Answer(RETAINED)}, by=operator_user)
    assert bool(result.refused) is refused
    check.refresh_from_db()
    assert check.locked is not refused


def test_一次答几行_好的收下_不行的留着(operator_user: User, centre_clerk: User) -> None:
    station = station_of(operator_user)
    kept, gone, unpaid = (deliver(station, operator_user, number) for number in (1, 2, 3))
    checks = opened(station)
    insure(station, centre_clerk, all_months(kept, 202109) + all_months(gone, 202104) + all_months(unpaid, 202104))
    by_row = {check.delivery_id: check.pk for check in checks}
    given = {by_row[kept.pk]: Answer(RETAINED), by_row[gone.pk]: Answer(LEFT), by_row[unpaid.pk]: Answer(RETAINED)}
    result = retention.answer(station=station, answers=given, by=operator_user)
    assert (result.taken, list(result.refused)) == (2, [by_row[unpaid.pk]])
    assert "没有由企业缴费" in result.refused[by_row[unpaid.pk]]


def test_别的单位和中心不能代答(operator_user: User, stranger_operator: User, centre_clerk: User) -> None:
    station = station_of(operator_user)
    deliver(station, operator_user)
    (check,) = opened(station)
    for user in (stranger_operator, centre_clerk):
        with pytest.raises(PermissionDenied):
            retention.answer(station=station, answers={check.pk: Answer(LEFT)}, by=user)


# --- insurance --------------------------------------------------------------------------------------------------------


def test_参保数据到了才算留用(operator_user: User, centre_clerk: User) -> None:
    station = station_of(operator_user)
    row = deliver(station, operator_user)
    (check,) = opened(station)
    retention.answer(station=station, answers={check.pk: Answer(RETAINED)}, by=operator_user)
    check.refresh_from_db()
    assert check.si_month_ok is None
    insure(station, centre_clerk, all_months(row, 202103, 202104, 202109))
    check.refresh_from_db()
    assert (check.si_month_ok, check.result) == (True, RETAINED)
    with time_machine.travel("2021-12-02 09:00+08:00", tick=False):
        insure(station, centre_clerk, all_months(row, 202103, 202104))
    check.refresh_from_db()
    assert (check.si_month_ok, check.result) == (False, RETAINED)


def test_评估要的人数(operator_user: User, centre_clerk: User) -> None:
    station = station_of(operator_user)
    people = [deliver(station, operator_user, number) for number in (1, 2, 3, 4)]
    lines = [line for row in people for line in all_months(row, 202103, 202104)]
    insure(station, centre_clerk, lines + all_months(people[0], 202109) + all_months(people[1], 202109))
    checks = {check.delivery_id: check for check in opened(station)}
    given = {checks[people[0].pk].pk: Answer(RETAINED), checks[people[1].pk].pk: Answer(UNVERIFIED)}
    retention.answer(station=station, answers=given, by=operator_user)
    year = Period(1, dt.date(2021, 3, 1), dt.date(2022, 2, 28))
    policy = policy_on(LATER).policy
    on_the_last_day = counts(station, period=year, cutoff=LATER, as_of=dt.date(2021, 10, 14), policy=policy)
    assert on_the_last_day.in_time == 2
    found = counts(station, period=year, cutoff=LATER, as_of=LATER, policy=policy)
    assert found == RetentionCounts(matured=4, retained=1, unverified=1, open=2, in_time=0)


# --- the lists --------------------------------------------------------------------------------------------------------


def test_本周到期_待统计_已逾期_已统计(operator_user: User) -> None:
    station = station_of(operator_user)
    for number in (1, 2, 3):
        deliver(station, operator_user, number)
    first, second, third = opened(station)
    RetentionCheck.objects.filter(pk=second.pk).update(due_on=LATER + dt.timedelta(days=6))
    RetentionCheck.objects.filter(pk=first.pk).update(due_on=LATER - dt.timedelta(days=1))
    RetentionCheck.objects.filter(pk=third.pk).update(due_on=LATER + dt.timedelta(days=7))
    shown = {name: [check.pk for check in listed(station, name, LATER)] for name in (WEEK, OPEN, LATE, DONE)}
    assert shown == {WEEK: [second.pk], OPEN: [first.pk, second.pk, third.pk], LATE: [first.pk], DONE: []}
    found = overview(station, LATER)
    assert (found.week, found.open, found.late, found.done, found.all) == (1, 3, 1, 0, 3)
    Delivery.objects.filter(pk=first.delivery_id).update(status=CountStatus.EXCLUDED)
    assert overview(station, LATER).open == 2


def test_欠多少人和最早的截止日由数据库合计(operator_user: User, stranger_operator: User) -> None:
    station, other = station_of(operator_user), station_of(stranger_operator)
    for number in (1, 3):
        deliver(station, operator_user, number)
    deliver(other, stranger_operator, 5)
    checks = opened(station)
    opened(other)
    RetentionCheck.objects.filter(pk=checks[1].pk).update(due_on=dt.date(2021, 9, 20))
    found = owed(operator_user, [station.pk, other.pk])
    assert found == {station.pk: (2, dt.date(2021, 9, 20))}
    assert len(queries(lambda: owed(operator_user, [station.pk, other.pk]))) == 1


# --- corrected by the centre ------------------------------------------------------------------------------------------


def answered(user: User) -> RetentionCheck:
    station = station_of(user)
    deliver(station, user)
    (check,) = opened(station)
    retention.answer(station=station, answers={check.pk: Answer(RETAINED)}, by=user)
    check.refresh_from_db()
    return check


def test_中心更正须写理由_原值保留(operator_user: User, centre_clerk: User) -> None:
    check = answered(operator_user)
    with pytest.raises(Refused, match="理由"):
        retention.correct(check=check, result=LEFT, reason=" ", revision=0, by=centre_clerk)
    retention.correct(check=check, result=LEFT, reason="企业来函说明8月已离职", revision=0, by=centre_clerk)
    check.refresh_from_db()
    assert (check.result, check.source, check.revision, check.employer_on_check) == (LEFT, "CENTRE", 1, None)
    kept = check.corrections.get()
    assert (kept.before_result, kept.after_result, kept.by) == (RETAINED, LEFT, centre_clerk)
    assert kept.before_employer is not None
    assert Message.objects.filter(user=operator_user, subject__contains="更正").count() == 1
    retention.correct(check=check, result=RETAINED, reason="核对参保后改回", revision=1, by=centre_clerk)
    check.refresh_from_db()
    assert (check.result, check.revision, check.corrections.count()) == (RETAINED, 2, 2)


def test_同时更正_后到的被告知(operator_user: User, centre_clerk: User, centre_second: User) -> None:
    check = answered(operator_user)
    retention.correct(check=check, result=LEFT, reason="企业来函", revision=0, by=centre_clerk)
    with pytest.raises(Conflict):
        retention.correct(check=check, result=UNVERIFIED, reason="电话未接", revision=0, by=centre_second)


def test_只有中心能更正_未统计的不更正(operator_user: User, centre_clerk: User) -> None:
    check = answered(operator_user)
    for user in (operator_user, factories.user("BUREAU")):
        with pytest.raises(PermissionDenied):
            retention.correct(check=check, result=LEFT, reason="理由", revision=0, by=user)
    with pytest.raises(Refused, match="相同"):
        retention.correct(check=check, result=RETAINED, reason="理由", revision=0, by=centre_clerk)
    station = station_of(operator_user)
    deliver(station, operator_user, 5)
    (still,) = opened(station)
    with pytest.raises(Refused, match="还没有统计"):
        retention.correct(check=still, result=LEFT, reason="理由", revision=0, by=centre_clerk)
