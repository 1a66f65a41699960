"""What a filed change does on its effective day: the register, the 专人, the accounts, the unit of the station."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import IntegrityError, transaction

from jinhua_labor.accounts import services as accounts
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.workdays import work_calendar
from jinhua_labor.mailbox.services import send
from jinhua_labor.policy.periods import ONE_DAY
from jinhua_labor.review import services as review_services
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import ChangeKind, ChangeState
from stations.oversight.models import ChangeReport
from stations.oversight.rules.changes import handover_due_on, opens_finding
from stations.registry.enums import StationState
from stations.registry.models import Liaison, OperatorProfile

from .common import lock_station
from .moving_files import move_files


def locked(change_id: uuid.UUID) -> ChangeReport:
    """The change with its station locked first, then itself and its review."""
    station_id = ChangeReport.objects.values_list("station_id", flat=True).get(pk=change_id)
    station = lock_station(station_id)
    rows = ChangeReport.objects.select_for_update(of=("self",)).select_related("operator", "new_operator")
    change = rows.select_related("old_account", "new_account").get(pk=change_id)
    change.station = station
    if change.review_id:
        change.review = review_services.lock(change.review_id)
    return change


def apply_due(*, day: dt.date) -> int:
    """Carries out filed changes whose effective day has come; how many. Harmless to repeat, catches up after days."""
    rows = ChangeReport.objects.filter(state=ChangeState.FILED, applied_on__isnull=True, effective_on__lte=day)
    done = 0
    for pk in list(rows.order_by("effective_on", "created_at").values_list("pk", flat=True)):
        with transaction.atomic():
            change = locked(pk)
            leaving = change.station.state in (StationState.REVOKING, StationState.REVOKED)
            if change.kind == ChangeKind.OPERATOR and leaving:
                continue  # the bar falls on the unit the procedure was opened against
            if change.applied_on is None and change.state == ChangeState.FILED:
                carry_out(change, day=day, by=User.objects.system())
                done += 1
    return done


def carry_out(change: ChangeReport, *, day: dt.date, by: User) -> None:
    """Writes a filed change into the register. The station is locked by the caller (`locked`)."""
    station = change.station
    match change.kind:
        case ChangeKind.LIAISON:
            _replace_liaison(change, since=change.effective_on)
            _move_access(change, by=by)
        case ChangeKind.HEAD:
            profile, _ = OperatorProfile.objects.get_or_create(organisation=station.operator)
            profile.head, profile.head_phone = change.new["name"], change.new["phone"]
            profile.save(update_fields=["head", "head_phone", "updated_at"])
            _move_access(change, by=by)
        case ChangeKind.ADDRESS:
            station.address = change.new["address"]
        case ChangeKind.PARTNER:
            station.partner_name = change.new["name"]
        case ChangeKind.NAME:
            station.name = change.new["name"]
        case ChangeKind.OPERATOR:
            _move_station(change, day=day, by=by)
    station.save()
    change.applied_on = max(day, change.effective_on) if change.kind == ChangeKind.OPERATOR else change.effective_on
    change.save(update_fields=["applied_on", "handover_due_on"])
    record(
        by=by, action="change.carry_out", obj=change, detail={"old": change.old, "on": change.applied_on.isoformat()}
    )


def _replace_liaison(change: ChangeReport, *, since: dt.date) -> None:
    """Ends whoever serves on that day the day before, and lets the new person begin (R-22)."""
    rows = list(change.station.liaisons.select_for_update().order_by("since"))
    following = next((row for row in rows if row.since >= since), None)
    if following is not None and following.since == since:
        raise Refused(f"{date_cn(since)}起已有专人{following.name}，请核对生效日期。")
    for row in rows:
        if row.since < since and (row.until is None or row.until >= since):
            row.until = since - ONE_DAY
            row.save(update_fields=["until"])
    name, phone = ("liaison", "liaison_phone") if change.kind == ChangeKind.OPERATOR else ("name", "phone")
    Liaison.objects.create(
        station=change.station,
        name=change.new[name],
        phone=change.new[phone],
        since=since,
        until=following.since - ONE_DAY if following else None,
        account=change.new_account,
    )


def _move_access(change: ChangeReport, *, by: User) -> None:
    """The old person's account is closed, the new one's is open; the unit is told where that must wait."""
    why = accounts.hand_over_access(
        old=change.old_account, new=change.new_account, by=by, reason=f"{change.number} {change.get_kind_display()}变更"
    )
    if why:
        send(
            to_organisation=change.operator,
            subject="原负责人的账号尚未停用",
            body=f"{why}指定之后请停用该账号（{change.number}）。",
            link=change.get_absolute_url(),
        )


def _move_station(change: ChangeReport, *, day: dt.date, by: User) -> None:
    """The station is the new unit's, with its people; its 专人 changes on the same day. No second 建站补贴 (G-35)."""
    assert change.new_operator is not None
    change.station.operator = change.new_operator
    try:
        with transaction.atomic():
            change.station.save(update_fields=["operator"])
    except IntegrityError as error:
        if "station_one_per_area" not in str(error):
            raise
        raise Refused("接收单位在此协作地区已有工作站，不能变更。") from error
    since = max(day, change.effective_on)
    _replace_liaison(change, since=since)
    settings = policy_on(since).policy.settings
    change.handover_due_on = handover_due_on(ChangeKind.OPERATOR, since, settings=settings, calendar=work_calendar())
    move_files(change, by=by)
    for unit, words in ((change.operator, "已移交"), (change.new_operator, "已由贵单位承接")):
        send(
            to_organisation=unit,
            subject=f"{change.station.name}{words}",
            body=f"变更编号{change.number}。{handover_words(change)}",
            link=change.get_absolute_url(),
        )
    if opens_finding(ChangeKind.OPERATOR, reported_in_time=change.on_time):
        from .visits import raise_for_change  # a visit may rest on a change, a change on a visit

        raise_for_change(change, by=by)


def handover_words(change: ChangeReport) -> str:
    """By when both units hand in the signed list; empty where none is due."""
    return f"请于{date_cn(change.handover_due_on)}前提交双方签字的工作交接清单。" if change.handover_due_on else ""
