"""变更报备: reporting, taking back, filing and returning, handing over, and what happens on the effective day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from jinhua_labor.accounts import services as accounts
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments.services import Upload
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.workdays import work_calendar
from jinhua_labor.mailbox.services import send
from jinhua_labor.policy.periods import ONE_DAY
from jinhua_labor.review import services as review_services
from jinhua_labor.review.states import Action, Kind
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import (
    UNIT_PAPERS,
    ChangeKind,
    ChangePaperSlot,
    ChangeSource,
    ChangeState,
)
from stations.oversight.models import ChangePaper, ChangeReport
from stations.oversight.queries.changes import present, standing_problems
from stations.oversight.queries.numbers import next_number
from stations.oversight.rules.changes import handover_due_on, on_time, opens_finding
from stations.registry.enums import StationState
from stations.registry.models import Liaison, OperatorProfile

from .common import keep, lock_station, require, require_running, require_unit_of

Papers = Mapping[str, Sequence[Upload]]


@dataclass(frozen=True, slots=True)
class Content:
    """What a report says: the new state of things in the fields of its kind, why, from when."""

    new: Mapping[str, str]
    reason: str
    effective_on: dt.date
    old_account: User | None = None
    new_account: User | None = None
    new_operator: Organisation | None = None
    agreement_from: dt.date | None = None
    agreement_to: dt.date | None = None
    papers: Papers = field(default_factory=dict)


# --- the station's unit -----------------------------------------------------------------------------------------------


@transaction.atomic
def report(*, station_id: uuid.UUID, kind: ChangeKind, content: Content, by: User, key: uuid.UUID) -> ChangeReport:
    """报备: kept with the day it came in, which decides whether it was 事先 (R-23). `key` is the rendered form's: the
    same form sent twice is one report.

    A change of 承建单位 opens its review at once and is refused while the new unit does not satisfy 第三条（一）（三）
    or is barred. Raises Refused with every problem.
    """
    if earlier := ChangeReport.objects.filter(pk=key, created_by=by).first():
        return earlier
    station = lock_station(station_id)
    require_unit_of(station, by)
    require_running(station)
    if station.changes.filter(kind=kind, state__in=[ChangeState.SUBMITTED, ChangeState.RETURNED]).exists():
        raise Refused("该工作站已有同一事项的变更正在办理，请先办结或撤回那一件。")
    day = today()
    change = ChangeReport(id=key, station=station, operator=station.operator, kind=kind, created_by=by)
    _fill(change, content, day=day)
    change.submitted_on, change.submitted_by = day, by
    _judge_time(change)
    if kind == ChangeKind.OPERATOR:
        if content.new_operator is None or content.new_operator.pk == station.operator_id:
            raise Refused("接收单位须是另一家已注册的承建单位。", problems=(("请核对接收单位。", "#id_credit_code"),))
        change.review = review_services.open_review(
            kind=Kind.CHANGE,
            object_id=key,
            title=f"{station.name}变更承建单位",
            organisation=station.operator,
            url_name="oversight:change",
            open_key=f"{Kind.CHANGE}:{station.pk}",
            by=by,
        )
        event = review_services.transition(review_services.lock(change.review.pk), Action.SUBMIT, by=by)
        change.review = event.review
        change.number = event.review.number
    else:
        change.number = next_number(ChangeReport, "BB", day)
    change.save()
    _store(change, content.papers, by=by)
    _refuse_incomplete(change)
    record(
        by=by,
        action="change.report",
        obj=change,
        detail={"kind": kind, "effective_on": change.effective_on.isoformat(), "on_time": change.on_time},
    )
    _tell_reported(change)
    return change


@transaction.atomic
def amend(*, change_id: uuid.UUID, content: Content, by: User) -> ChangeReport:
    """A returned report, mended and handed in again. The day of the first report stays: it was reported."""
    change = locked(change_id)
    if by.role != Role.OPERATOR or by.organisation_id != change.operator_id:
        raise PermissionDenied
    if change.state != ChangeState.RETURNED:
        raise Conflict(f"该件{change.get_state_display()}，现在不能修改。")
    before = {"new": change.new, "effective_on": change.effective_on.isoformat(), "reason": change.reason}
    _fill(change, content, day=today())
    _judge_time(change)
    if change.review is not None:
        change.review = review_services.transition(change.review, Action.SUBMIT, by=by).review
    change.state = ChangeState.SUBMITTED
    change.save()
    _store(change, content.papers, by=by)
    _refuse_incomplete(change)
    record(by=by, action="change.amend", obj=change, detail={"before": before, "after": {"new": change.new}})
    _tell_reported(change)
    return change


@transaction.atomic
def withdraw(*, change_id: uuid.UUID, by: User) -> ChangeReport:
    """撤回: the change does not happen. Raises Conflict once it is filed or refused."""
    change = locked(change_id)
    if by.role != Role.OPERATOR or by.organisation_id != change.operator_id:
        raise PermissionDenied
    if change.state == ChangeState.WITHDRAWN:
        return change
    if not change.is_open:
        raise Conflict(f"该件{change.get_state_display()}，不能撤回。")
    if change.review is not None:
        change.review = review_services.transition(change.review, Action.WITHDRAW, by=by).review
    change.state = ChangeState.WITHDRAWN
    change.save(update_fields=["state"])
    record(by=by, action="change.withdraw", obj=change)
    return change


@transaction.atomic
def hand_over(
    *, change_id: uuid.UUID, on: dt.date, signed_from: str, signed_to: str, items: str, paper: Upload, by: User
) -> ChangeReport:
    """工作交接: the list both signed. The same list sent twice is one; Raises Refused for a day to come."""
    change = locked(change_id)
    if by.role != Role.OPERATOR or by.organisation_id not in {change.operator_id, change.new_operator_id}:
        raise PermissionDenied
    if change.state != ChangeState.FILED or not change.needs_handover:
        raise Refused("这件变更现在不办理工作交接。")
    if change.handover_on is not None:
        raise Conflict(f"工作交接已于{date_cn(change.handover_on)}登记，请刷新后查看。")
    problems = []
    if on > today():
        problems.append(("交接日期不能晚于今天。", "#id_on"))
    if signed_from == signed_to:
        problems.append(("移交人和接收人须是两个人。", "#id_signed_to"))
    if problems:
        raise Refused("还不能登记工作交接。", problems=tuple(problems))
    _store(change, {ChangePaperSlot.HANDOVER: [paper]}, by=by)
    change.handover_on, change.handover_from, change.handover_to = on, signed_from, signed_to
    change.handover_items = items
    change.save(update_fields=["handover_on", "handover_from", "handover_to", "handover_items"])
    record(by=by, action="change.hand_over", obj=change, detail={"on": on.isoformat()})
    send(to_role=Role.CENTRE, subject=f"{change.station.name}工作交接清单已提交", link=change.get_absolute_url())
    return change


# --- the centre -------------------------------------------------------------------------------------------------------


@transaction.atomic
def file(*, change_id: uuid.UUID, answer: str, by: User) -> ChangeReport:
    """备案: the change is taken note of; it is carried out on its effective day, at once where that has come."""
    require(by, Role.CENTRE)
    change = locked(change_id)
    if change.state == ChangeState.FILED and change.filed_by_id == by.pk:
        return change
    _refuse_unless_waiting(change)
    change.state, change.answer = ChangeState.FILED, answer.strip()
    change.filed_by, change.filed_at = by, timezone.now()
    change.save()
    record(by=by, action="change.file", obj=change, detail={"on_time": change.on_time})
    late = (
        ""
        if change.on_time
        else "本次不是事先报备" + ("，按附件3“专人负责制”记一例未落实。" if change.of_person else "。")
    )
    send(
        to_organisation=change.operator,
        subject=f"变更{change.get_kind_display()}已备案",
        body=f"报备编号{change.number}，{date_cn(change.effective_on)}生效。{late}{_handover_words(change)}",
        link=change.get_absolute_url(),
    )
    if change.effective_on <= today():
        carry_out(change, day=today(), by=by)
    return change


@transaction.atomic
def send_back(*, change_id: uuid.UUID, answer: str, by: User) -> ChangeReport:
    """退回修改 with what is to be mended."""
    require(by, Role.CENTRE)
    change = locked(change_id)
    if not answer.strip():
        raise Refused("请写明需要修改的内容。", problems=(("请写明需要修改的内容。", "#id_return_answer"),))
    if change.review is not None:
        opinion = review_services.Opinion(answer)
        change.review = review_services.transition(change.review, Action.RETURN, by=by, opinion=opinion).review
    else:
        _refuse_unless_waiting(change)
    change.state, change.answer = ChangeState.RETURNED, answer.strip()
    change.save(update_fields=["state", "answer"])
    record(by=by, action="change.return", obj=change)
    send(
        to_organisation=change.operator,
        subject=f"变更{change.get_kind_display()}报备被退回，请修改",
        body=f"报备编号{change.number}。{change.answer}",
        link=change.get_absolute_url(),
    )
    return change


@transaction.atomic
def record_found(
    *, station_id: uuid.UUID, kind: ChangeKind, new: Mapping[str, str], reason: str, effective_on: dt.date, by: User,
    key: uuid.UUID,
) -> ChangeReport:  # fmt: skip
    """检查发现未报备的变更: nobody reported it, so it is late for good (R-23); carried out at once.

    Raises Refused for a change of 承建单位, which only both steps can make, and for a day to come.
    """
    require(by, Role.CENTRE)
    if earlier := ChangeReport.objects.filter(pk=key, created_by=by).first():
        return earlier
    station = lock_station(station_id)
    require_running(station)
    if kind == ChangeKind.OPERATOR:
        raise Refused("承建单位的变更须由原承建单位提出并经两级审核。")
    if effective_on > today():
        raise Refused("尚未生效的变更应由站点报备。", problems=(("生效日期不能晚于今天。", "#id_effective_on"),))
    change = ChangeReport(id=key, station=station, operator=station.operator, kind=kind, created_by=by)
    _fill(change, Content(new=new, reason=reason, effective_on=effective_on), day=today())
    change.source, change.state = ChangeSource.FOUND, ChangeState.FILED
    change.filed_by, change.filed_at = by, timezone.now()
    change.number = next_number(ChangeReport, "BB", today())
    change.save()
    record(by=by, action="change.found", obj=change, detail={"kind": kind, "effective_on": effective_on.isoformat()})
    send(
        to_organisation=station.operator,
        subject=f"检查发现未报备的变更：{change.get_kind_display()}",
        body=f"{date_cn(effective_on)}起的变更没有报备，区就业服务中心已登记（{change.number}）。{_handover_words(change)}",
        link=change.get_absolute_url(),
    )
    carry_out(change, day=today(), by=by)
    return change


# --- what a change does -----------------------------------------------------------------------------------------------


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
    for unit, words in ((change.operator, "已移交"), (change.new_operator, "已由贵单位承接")):
        send(
            to_organisation=unit,
            subject=f"{change.station.name}{words}",
            body=f"变更编号{change.number}。{_handover_words(change)}",
            link=change.get_absolute_url(),
        )
    if opens_finding(ChangeKind.OPERATOR, reported_in_time=change.on_time):
        from .visits import raise_for_change  # a visit may rest on a change, a change on a visit

        raise_for_change(change, by=by)


# --- helpers ----------------------------------------------------------------------------------------------------------


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


def _fill(change: ChangeReport, content: Content, *, day: dt.date) -> None:
    change.old = present(change.station, change.kind, day=day)
    change.new = dict(content.new)
    change.reason, change.effective_on = content.reason, content.effective_on
    change.old_account, change.new_account = content.old_account, content.new_account
    change.new_operator = content.new_operator
    change.agreement_from, change.agreement_to = content.agreement_from, content.agreement_to
    if change.kind == ChangeKind.OPERATOR and content.new_operator is not None:
        change.new["unit"] = content.new_operator.name
    if content.effective_on < change.station.established_on:
        text = f"生效日期不能早于设立日期（{date_cn(change.station.established_on)}）。"
        raise Refused("生效日期有误。", problems=((text, "#id_effective_on"),))
    if all(change.old.get(name) == value for name, value in change.new.items()):
        raise Refused("新内容与现在登记的相同，不需要变更。")
    for account in (content.old_account, content.new_account):
        if account is not None and account.organisation_id != change.operator_id:
            raise Refused("只能选择本单位人员的账号。")


def _judge_time(change: ChangeReport) -> None:
    version, calendar = policy_on(change.effective_on).policy, work_calendar()
    change.on_time = on_time(change.submitted_on, change.effective_on, policy=version, calendar=calendar)
    change.handover_due_on = handover_due_on(
        ChangeKind(change.kind), change.effective_on, settings=version.settings, calendar=calendar
    )


def _store(change: ChangeReport, papers: Papers, *, by: User) -> None:
    for slot, uploads in papers.items():
        kept = [keep(upload, station=change.station, by=by, kind=f"change_{slot.lower()}") for upload in uploads]
        if kept:
            change.papers.filter(slot=slot, superseded_at__isnull=True).update(superseded_at=timezone.now())
        for attachment in kept:
            ChangePaper.objects.create(change=change, slot=slot, attachment=attachment, added_by=by)


def _refuse_incomplete(change: ChangeReport) -> None:
    """Every paper that is asked for is there, and the new unit may take over as far as that is known now."""
    there = set(change.papers.filter(superseded_at__isnull=True).values_list("slot", flat=True))
    asked: list[Any] = [ChangePaperSlot.FORM]
    problems: list[tuple[str, str]] = []
    if change.kind == ChangeKind.OPERATOR:
        asked += UNIT_PAPERS
        problems = [
            (f"{found.clause}：{found.message}", "#id_credit_code")
            for found in standing_problems(change, day=today())
            if "协议" not in found.message or ChangePaperSlot.PACT in there
        ]
    problems += [(f"请上传{slot.label}。", f"#id_paper_{slot}") for slot in asked if slot not in there]
    if problems:
        raise Refused("还不能提交，请先处理以下问题。", problems=tuple(problems))


def _refuse_unless_waiting(change: ChangeReport) -> None:
    if change.review is not None:
        raise Refused("承建单位的变更在两级审核中办理。")
    if change.state != ChangeState.SUBMITTED:
        who = f"已由{change.filed_by.name}" if change.filed_by else "已"
        raise Conflict(f"该件{who}{change.get_state_display()}，请刷新后查看。")


def _handover_words(change: ChangeReport) -> str:
    return f"请于{date_cn(change.handover_due_on)}前提交双方签字的工作交接清单。" if change.handover_due_on else ""


def _tell_reported(change: ChangeReport) -> None:
    timely = "事先报备" if change.on_time else "不是事先报备"
    send(
        to_role=Role.CENTRE,
        subject=f"变更{change.get_kind_display()}报备：{change.station.name}",
        body=f"编号{change.number}，{date_cn(change.effective_on)}生效，{timely}。",
        link=change.get_absolute_url(),
    )
    if change.new_operator is not None and change.accepted_at is None:
        send(
            to_organisation=change.new_operator,
            subject=f"请确认是否承接{change.station.name}",
            body=f"{change.operator.name}报备由贵单位承接该工作站（{change.number}），请核对后确认。",
            link=change.get_absolute_url(),
        )
