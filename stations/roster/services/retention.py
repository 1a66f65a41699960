"""留用统计 (第六条（四）7; R-27): opened by the day, answered once by the station, corrected only by the centre."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.workdays import work_calendar
from jinhua_labor.mailbox.services import send
from jinhua_labor.policy.periods import add_months
from jinhua_labor.rulebook import policy_on
from stations.registry.models import Employer, Station
from stations.roster.enums import CountStatus, RetentionResult, RetentionSource
from stations.roster.models import RetentionCheck, RetentionCorrection
from stations.roster.queries.retention import facts_of, path_of
from stations.roster.retention import due_on, finding, opens, refused_answer, remind_on

from .recount_station import recount_station

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User
    from jinhua_labor.attachments.services import Upload

ANNOUNCE_DAYS: Final = 7
CLAMPED_DAYS: Final = 3  # 31 August to 28 February: the corresponding day may lie three days earlier


# --- by the day -------------------------------------------------------------------------------------------------------


def open_due(*, day: dt.date) -> int:
    """Opens the checks of all deliveries of stations that are six months old by `day`; how many.

    Catches up after days without a worker and does nothing a second time. Rows that are 不计 are left until they count.
    The days are the policy's own arithmetic over the few different days of entry; the rows go in by one statement.
    """
    policy, calendar, at = policy_on(day).policy, work_calendar(), timezone.now()
    latest = add_months(day, -policy.retention_months) + dt.timedelta(days=CLAMPED_DAYS)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT d.entry_on, s.established_on FROM stations_delivery d"
            " JOIN stations_station s ON s.id = d.station_id"
            " WHERE d.status <> %s AND d.entry_on <= %s"
            " AND NOT EXISTS (SELECT 1 FROM stations_retentioncheck r WHERE r.delivery_id = d.id)",
            [CountStatus.EXCLUDED.value, latest],
        )
        days = [(*pair, opens(*pair, day, policy=policy)) for pair in cursor.fetchall()]
        known = [(entry, established, check) for entry, established, check in days if check is not None]
        if not known:
            return 0
        dues = {check: due_on(check, day, settings=policy.settings, calendar=calendar) for *_, check in known}
        cursor.execute(
            "INSERT INTO stations_retentioncheck"
            " (id, delivery_id, check_on, due_on, opened_at, result, note, source, locked, revision)"
            " SELECT gen_random_uuid(), d.id, k.check_on, k.due_on, %s, '', '', '', false, 0"
            " FROM stations_delivery d JOIN stations_station s ON s.id = d.station_id"
            " JOIN unnest(%s::date[], %s::date[], %s::date[], %s::date[])"
            " AS k(entry_on, established_on, check_on, due_on)"
            " ON k.entry_on = d.entry_on AND k.established_on = s.established_on"
            " WHERE d.status <> %s ON CONFLICT (delivery_id) DO NOTHING RETURNING delivery_id",
            [
                at,
                [entry for entry, *_ in known],
                [established for _, established, _ in known],
                [check for *_, check in known],
                [dues[check] for *_, check in known],
                CountStatus.EXCLUDED.value,
            ],
        )
        made = [row[0] for row in cursor.fetchall()]
    _after_opening(made, at)
    return len(made)


def _after_opening(made: list[uuid.UUID], at: dt.datetime) -> None:
    """What the insurance knows of the new checks, and word to stations that had none for a week."""
    if not made:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT station_id, array_agg(DISTINCT person_id), count(*) FROM stations_delivery WHERE id = ANY(%s)"
            " GROUP BY station_id",
            [made],
        )
        stations = {pk: (persons, count) for pk, persons, count in cursor.fetchall()}
    week = at - dt.timedelta(days=ANNOUNCE_DAYS)
    for station in Station.objects.filter(pk__in=stations).select_related("operator").order_by("pk"):
        persons, count = stations[station.pk]
        recount_station(station=station, persons=persons)
        # By the moment, not by the new ones' keys: after months without a worker these are hundreds of thousands.
        told = RetentionCheck.objects.filter(delivery__station=station, opened_at__gte=week, opened_at__lt=at)
        if not told.exists():
            send(
                to_organisation=station.operator,
                subject=f"{station.name}：{count} 人入职满 6 个月，请统计留用",
                body="应统计日已到，请在留用统计页面逐人或成批填写。每人只统计一次，提交后锁定。",
                link=path_of(station),
            )


def remind(*, day: dt.date) -> int:
    """Reminds, once a check and before its last day, the operators that still owe an answer; how many stations."""
    policy, calendar = policy_on(day).policy, work_calendar()
    settings = policy.settings
    until = calendar.add_workdays(day, settings.retention_remind_workdays)
    with transaction.atomic():
        rows = (
            RetentionCheck.objects.open()
            .filter(reminded_at__isnull=True, due_on__gte=day, due_on__lte=until)
            .exclude(delivery__status=CountStatus.EXCLUDED)
            .select_for_update(of=("self",), skip_locked=True)
        )
        owed: dict[uuid.UUID, list[tuple[uuid.UUID, dt.date]]] = defaultdict(list)
        for pk, due, station in rows.values_list("pk", "due_on", "delivery__station_id"):
            if station is not None and remind_on(due, settings=settings, calendar=calendar) <= day:
                owed[station].append((pk, due))
        for station in Station.objects.filter(pk__in=owed).select_related("operator").order_by("pk"):
            checks = owed[station.pk]
            RetentionCheck.objects.filter(pk__in=[pk for pk, _ in checks]).update(reminded_at=timezone.now())
            first = min(due for _, due in checks)
            send(
                to_organisation=station.operator,
                subject=f"{station.name}：{len(checks)} 人的留用统计即将到期",
                body=f"最早的一批应在{date_cn(first)}前统计。到期仍未统计的，评估时按无法核实处理。",
                link=path_of(station),
            )
    return len(owed)


# --- by people --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What the station found of one worker. `employer` is where he is kept; None means 入职企业."""

    result: RetentionResult
    employer: Employer | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """How many answers were taken, and per check (its id) why one was not."""

    taken: int
    refused: Mapping[uuid.UUID, str]


@transaction.atomic
def answer(*, station: Station, answers: Mapping[uuid.UUID, Answer], by: User) -> Answered:
    """Takes the station's answers, each once: good ones are locked, the others come back with the reason.

    The same answer twice is one. Only people of the operator answer. Raises PermissionDenied for others.
    """
    if by.role != Role.OPERATOR or by.organisation_id != station.operator_id:
        raise PermissionDenied
    day = today()
    policy = policy_on(day).policy
    checks = list(
        RetentionCheck.objects.filter(pk__in=answers, delivery__station=station)
        .select_related("delivery__employer", "delivery__person")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    facts, local = facts_of(station, checks)
    refused: dict[uuid.UUID, str] = {}
    taken: list[RetentionCheck] = []
    for check in checks:
        given = answers[check.pk]
        if check.locked:
            if check.result != given.result:
                refused[check.pk] = f"{check.delivery.name}已统计为{check.get_result_display()}并锁定，每人只统计一次。"
            continue
        known = finding(facts[check.pk], policy=policy, as_of=day, local_employers=local)
        why = refused_answer(given.result, facts[check.pk], known, policy=policy)
        if why:
            refused[check.pk] = f"{check.delivery.name}：{why}"
            continue
        check.result = given.result
        check.employer_on_check = _employer(check, given, known.employer)
        check.note = given.note.strip()[:200]
        check.si_month_ok = known.month_ok
        check.source, check.locked = RetentionSource.STATION, True
        check.checked_by, check.checked_at = by, timezone.now()
        taken.append(check)
    if taken:
        _lock(taken)
        counts: dict[str, int] = defaultdict(int)
        for check in taken:
            counts[check.result] += 1
        record(by=by, action="retention.count", obj=station, detail={"rows": len(taken), **counts})
    return Answered(len(taken), refused)


def _lock(taken: Sequence[RetentionCheck]) -> None:
    """The answers written by one statement, whatever their number: a page of hundreds is sent at once."""
    first = taken[0]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE stations_retentioncheck r SET result = t.result, employer_on_check_id = t.employer, note = t.note,"
            " si_month_ok = t.month_ok, source = %s, locked = true, checked_by_id = %s, checked_at = %s"
            " FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::text[], %s::boolean[])"
            " AS t(id, result, employer, note, month_ok) WHERE r.id = t.id",
            [
                first.source,
                first.checked_by_id,
                first.checked_at,
                [check.pk for check in taken],
                [str(check.result) for check in taken],
                [check.employer_on_check_id for check in taken],
                [check.note for check in taken],
                [check.si_month_ok for check in taken],
            ],
        )


def _employer(check: RetentionCheck, given: Answer, code: str) -> Employer | None:
    """Where the worker is on the day of the check; nobody's where he is not kept."""
    if given.result != RetentionResult.RETAINED:
        return given.employer
    if given.employer is not None:
        return given.employer
    if code and code != check.delivery.employer.credit_code:
        return Employer.objects.filter(credit_code=code).first() or check.delivery.employer
    return check.delivery.employer


@transaction.atomic
def correct(
    *,
    check: RetentionCheck,
    result: RetentionResult,
    reason: str,
    revision: int,
    by: User,
    employer: Employer | None = None,
    proof: Upload | None = None,
) -> RetentionCheck:
    """Corrects a locked result: the centre only, with a reason; what stood there is kept (R-27).

    `revision` is the number of corrections the person saw. Raises Conflict where a colleague was quicker, Refused
    without a reason or where nothing changes.
    """
    if by.role != Role.CENTRE:
        raise PermissionDenied
    found = RetentionCheck.objects.select_for_update(of=("self",)).select_related("delivery__employer").get(pk=check.pk)
    if not reason.strip():
        raise Refused("请写明更正理由。", problems=(("请写明更正理由", "#id_reason"),))
    if not found.locked:
        raise Refused("工作站还没有统计，不需要更正。")
    if found.revision != revision:
        raise Conflict("这一结果刚刚被更正过，请刷新后查看。")
    kept = employer or (found.delivery.employer if result == RetentionResult.RETAINED else None)
    if (found.result, found.employer_on_check_id) == (result, kept.pk if kept else None):
        raise Refused("更正后的结果与现在的相同。", problems=(("结果没有变化", "#id_result"),))
    stored = None
    if proof is not None:
        stored = attachments.store(
            proof,
            by=by,
            organisation=found.delivery.operator,
            audience=Audience.PARTY_AND_OFFICE,
            secret=True,
            kind="retention",
        )
    before = found.result
    RetentionCorrection.objects.create(
        retention=found,
        number=found.revision + 1,
        before_result=before,
        before_employer=found.employer_on_check,
        after_result=result,
        after_employer=kept,
        reason=reason.strip()[:200],
        proof=stored,
        by=by,
    )
    found.result, found.employer_on_check, found.source = result, kept, RetentionSource.CENTRE
    found.revision += 1
    found.checked_by, found.checked_at = by, timezone.now()
    found.save(update_fields=["result", "employer_on_check", "source", "revision", "checked_by", "checked_at"])
    record(
        by=by,
        action="retention.correct",
        obj=found,
        detail={"before": before, "after": str(result), "reason": reason.strip()[:200]},
    )
    send(
        to_organisation=found.delivery.operator,
        subject="一项留用统计结果已由中心更正",
        body=f"由{RetentionResult(before).label}更正为{RetentionResult(result).label}。理由：{reason.strip()[:200]}",
        link=f"{path_of(found.delivery.station)}?show=done" if found.delivery.station else "",
    )
    return found


__all__ = ["Answer", "Answered", "answer", "correct", "open_due", "remind"]
