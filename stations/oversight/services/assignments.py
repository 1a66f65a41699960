"""委托协会检查 (第六条（二）, R-21): the centre assigns and ends, the association writes opinions, deciding nothing."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.services import send
from jinhua_labor.notices.rules import scan
from jinhua_labor.rulebook import policy_on
from stations.oversight.models import Assignment, AssignmentOpinion
from stations.oversight.queries.assignments import associations, offered_files
from stations.oversight.queries.numbers import next_number
from stations.oversight.rules.assignments import lasts, not_offered, problem_of_end

from .common import lock_station, require, require_running

Problems = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked, what is shown for it, through which day. `files_read`: a clerk saw that they tell no numbers."""

    organisation: Organisation
    purpose: str
    ends_on: dt.date
    sections: Sequence[str] = ()
    files: Sequence[uuid.UUID] = ()
    files_read: bool = False


@transaction.atomic
def assign(*, station_id: uuid.UUID, task: Task, by: User, key: uuid.UUID) -> Assignment:
    """Opens what was chosen to the association through the end date. The same form sent twice is one.

    Raises Refused for an end in the past or too far ahead, for numbers in the words, and for files that may not be
    shared or that nobody looked through.
    """
    require(by, Role.CENTRE)
    station = lock_station(station_id)  # first: of two clicks at once the second finds what the first has made
    if earlier := Assignment.objects.filter(pk=key, assigned_by=by).first():
        return earlier
    require_running(station)
    if not associations().filter(pk=task.organisation.pk).exists():
        raise Refused("只能委托行业协会。", problems=(("请选择行业协会。", "#id_organisation"),))
    offered = {one.attachment.pk: one.attachment for one in offered_files(station)}
    problems = _numbers(task.purpose, "#id_purpose", "委托事项")
    if wrong := problem_of_end(task.ends_on, on=today(), settings=policy_on(today()).policy.settings):
        problems.append((wrong, "#id_ends_on"))
    if not_offered(task.files, offered):
        problems.append(("所选文件中有不能提供给协会的，请重新选择。", "#id_files"))
    if task.files and not task.files_read:
        problems.append(("请先逐份看过所选文件，确认没有身份证号和电话号码。", "#id_files_read"))
    if problems:
        raise Refused("还不能委托。", problems=tuple(problems))
    row = Assignment.objects.create(
        id=key,
        number=next_number(Assignment, "WT", today()),
        station=station,
        organisation=task.organisation,
        purpose=task.purpose,
        sections=list(task.sections),
        starts_on=today(),
        ends_on=task.ends_on,
        assigned_by=by,
    )
    for pk in dict.fromkeys(task.files):
        attachments.share(
            offered[pk],
            by=by,
            organisation=task.organisation,
            matter=row.pk,
            reason=f"委托检查{row.number}",
            until=task.ends_on,
        )
    detail = {
        "to": task.organisation.name,
        "until": task.ends_on.isoformat(),
        "sections": list(task.sections),
        "files": len(set(task.files)),
    }
    record(by=by, action="assignment.assign", obj=row, detail=detail)
    send(
        to_organisation=task.organisation,
        subject=f"有一项受托检查：{row.number}",
        body=f"{station.name}，请在{date_cn(task.ends_on)}（含）前提交意见。到期后材料不再开放。",
        link=row.get_absolute_url(),
    )
    return row


@transaction.atomic
def give_opinion(*, assignment_id: uuid.UUID, text: str, by: User, key: uuid.UUID) -> AssignmentOpinion:
    """One more opinion, dated, never changed afterwards; the centre is told. The same form sent twice is one."""
    row = _locked(assignment_id)
    if by.role != Role.ASSOCIATION or by.organisation_id != row.organisation_id:
        raise PermissionDenied
    if earlier := row.opinions.filter(pk=key).first():
        return earlier
    _expect_open(row)
    if problems := _numbers(text, "#id_opinion_text", "意见"):
        raise Refused("还不能提交意见。", problems=tuple(problems))
    opinion = AssignmentOpinion.objects.create(
        id=key,
        assignment=row,
        number=row.opinions.count() + 1,
        text=text,
        written_by=by,
        written_on=today(),
        last_day=row.ends_on,
    )
    record(by=by, action="assignment.opinion", obj=row, detail={"number": opinion.number})
    send(
        to_role=Role.CENTRE,
        subject=f"协会提交了意见：{row.number}",
        body=f"{row.organisation.name}对{row.station.name}的第 {opinion.number} 次意见。意见供参考，不作决定。",
        link=row.get_absolute_url(),
    )
    return opinion


@transaction.atomic
def end(*, assignment_id: uuid.UUID, reason: str, by: User) -> Assignment:
    """Ends it before its end date: from now nothing of the station opens, the opinions stay."""
    require(by, Role.CENTRE)
    row = _locked(assignment_id)
    _expect_open(row)
    row.ended_at, row.ended_by, row.end_reason = timezone.now(), by, reason
    row.save(update_fields=["ended_at", "ended_by", "end_reason"])
    attachments.close_shares(matter=row.pk, by=by)
    record(by=by, action="assignment.end", obj=row, detail={"reason": reason})
    send(
        to_organisation=row.organisation,
        subject=f"受托检查已结束：{row.number}",
        body=reason,
        link=f"{reverse('oversight:assignments')}?state=over",
    )
    return row


# --- helpers ----------------------------------------------------------------------------------------------------------


def _locked(assignment_id: uuid.UUID) -> Assignment:
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("station", "organisation")
    return rows.get(pk=assignment_id)


def _expect_open(row: Assignment) -> None:
    if not lasts(row.term, on=today()):
        raise Conflict("这项委托已到期或已结束，不能再办理。")


def _numbers(text: str, anchor: str, label: str) -> Problems:
    """What the other side reads tells nobody's number."""
    return [(f"{label}疑似含有{one.kind}：{one.excerpt}", anchor) for one in scan(text)]
