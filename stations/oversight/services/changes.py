"""变更报备: reporting, taking back, filing and returning."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments.services import Upload
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.workdays import work_calendar
from jinhua_labor.mailbox.services import send
from jinhua_labor.review import services as review_services
from jinhua_labor.review.states import Action, Kind
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import UNIT_PAPERS, ChangeKind, ChangePaperSlot, ChangeSource, ChangeState
from stations.oversight.models import ChangePaper, ChangeReport
from stations.oversight.queries.changes import present, standing_problems
from stations.oversight.queries.numbers import next_number
from stations.oversight.rules.changes import handover_due_on, on_time

from .carrying_out import carry_out, handover_words, locked
from .common import keep, lock_station, require, require_running, require_unit_of
from .moving_files import close_files, show_to_both

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
    station = lock_station(station_id)  # first: of two clicks at once the second finds what the first has made
    if earlier := ChangeReport.objects.filter(pk=key, created_by=by).first():
        return earlier
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
    store(change, content.papers, by=by)
    _refuse_incomplete(change)
    show_to_both(change, by=by)
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
    if change.new_operator != content.new_operator:
        close_files(change, by=by)
    _fill(change, content, day=today())
    _judge_time(change)
    if change.review is not None:
        change.review = review_services.transition(change.review, Action.SUBMIT, by=by).review
    change.state = ChangeState.SUBMITTED
    change.save()
    store(change, content.papers, by=by)
    _refuse_incomplete(change)
    show_to_both(change, by=by)
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
    close_files(change, by=by)
    record(by=by, action="change.withdraw", obj=change)
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
        body=f"报备编号{change.number}，{date_cn(change.effective_on)}生效。{late}{handover_words(change)}",
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
    station = lock_station(station_id)  # first: of two clicks at once the second finds what the first has made
    if earlier := ChangeReport.objects.filter(pk=key, created_by=by).first():
        return earlier
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
        body=f"{date_cn(effective_on)}起的变更没有报备，区就业服务中心已登记（{change.number}）。{handover_words(change)}",
        link=change.get_absolute_url(),
    )
    carry_out(change, day=today(), by=by)
    return change


# --- helpers ----------------------------------------------------------------------------------------------------------


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


def store(change: ChangeReport, papers: Papers, *, by: User) -> None:
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
