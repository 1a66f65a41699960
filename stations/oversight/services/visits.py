"""走访检查: planning, recording on the spot, problems found, 整改 by the station, 复查 by the centre."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.services import Upload
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.workdays import work_calendar
from jinhua_labor.mailbox.services import send
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import CheckResult, FindingState, VisitKind, VisitState
from stations.oversight.models import (
    ChangeReport,
    Finding,
    Rectification,
    RectificationPaper,
    Visit,
    VisitCheck,
    VisitPhoto,
)
from stations.oversight.queries.numbers import next_number
from stations.oversight.rules.visits import all_settled, inspector_problem
from stations.registry.enums import StationState
from stations.registry.models import Station

from .common import PHOTOS, keep, lock_station, require, require_unit_of


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen on a visit: lines of 附件3 with result and note, problems with the day they are due."""

    visited_on: dt.date
    lead: User
    second: User | None
    others: str
    side: str
    place: str
    account: str
    advice: str
    signed_by_station: str
    checks: Mapping[str, tuple[str, str]]
    problems: Sequence[tuple[str, str, dt.date]]  # line, text, due
    photos: Sequence[Upload] = ()
    under_rectification: bool = False


@transaction.atomic
def plan(
    *, station_id: uuid.UUID, kind: VisitKind, planned_on: dt.date, lead: User, second: User | None, purpose: str,
    by: User, key: uuid.UUID,
) -> Visit:  # fmt: skip
    """A visit to come; the station is not told (定期或不定期). The same form sent twice is one."""
    require(by, Role.CENTRE)
    station = lock_station(station_id)  # first: of two clicks at once the second finds what the first has made
    if earlier := Visit.objects.filter(pk=key, created_by=by).first():
        return earlier
    _require_centre(lead, second)
    if planned_on < today():
        raise Refused("计划日期不能早于今天。", problems=(("计划日期不能早于今天。", "#id_planned_on"),))
    visit = Visit.objects.create(
        id=key,
        number=next_number(Visit, "ZF", today()),
        station=station,
        kind=kind,
        planned=True,
        planned_on=planned_on,
        purpose=purpose,
        lead=lead,
        second=second,
        created_by=by,
    )
    record(by=by, action="visit.plan", obj=visit, detail={"planned_on": planned_on.isoformat()})
    for person in {lead, second} - {by, None}:
        send(to_user=person, subject=f"{date_cn(planned_on)}走访{station.name}", link=visit.get_absolute_url())
    return visit


@transaction.atomic
def cancel(*, visit_id: uuid.UUID, reason: str, by: User) -> Visit:
    """A planned visit that does not take place, and why."""
    require(by, Role.CENTRE)
    visit = _locked(visit_id)
    if visit.state != VisitState.PLANNED:
        raise Conflict(f"该次走访{visit.get_state_display()}，请刷新后查看。")
    if not reason.strip():
        raise Refused("请写明取消的原因。", problems=(("请写明取消的原因。", "#id_reason"),))
    visit.state, visit.cancel_reason = VisitState.CANCELLED, reason.strip()
    visit.save(update_fields=["state", "cancel_reason"])
    record(by=by, action="visit.cancel", obj=visit, detail={"reason": visit.cancel_reason})
    return visit


@transaction.atomic
def record_adhoc(*, station_id: uuid.UUID, kind: VisitKind, seen: Seen, by: User, key: uuid.UUID) -> Visit:
    """A visit that was not planned, recorded once; the same form sent twice is one."""
    require(by, Role.CENTRE)
    station = lock_station(station_id)  # first: of two clicks at once the second finds what the first has made
    if earlier := Visit.objects.filter(pk=key, created_by=by).first():
        return earlier
    visit = Visit(id=key, number=next_number(Visit, "ZF", today()), station=station, kind=kind, created_by=by)
    return _record(visit, seen, by=by)


@transaction.atomic
def record_planned(*, visit_id: uuid.UUID, kind: VisitKind, seen: Seen, by: User) -> Visit:
    """The record of a planned visit."""
    require(by, Role.CENTRE)
    visit = _locked(visit_id)
    if visit.state == VisitState.DONE and visit.recorded_by_id == by.pk:
        return visit
    if visit.state != VisitState.PLANNED:
        raise Conflict(f"该次走访{visit.get_state_display()}，请刷新后查看。")
    visit.kind = kind
    return _record(visit, seen, by=by)


def _record(visit: Visit, seen: Seen, *, by: User) -> Visit:
    settings = policy_on(seen.visited_on).policy.settings
    _require_centre(seen.lead, seen.second)
    problems: list[tuple[str, str]] = []
    inspectors = len({seen.lead, seen.second} - {None})
    if found := inspector_problem(VisitKind(visit.kind), inspectors, settings=settings):
        problems.append((found, "#id_second"))
    if seen.visited_on > today():
        problems.append(("走访日期不能晚于今天。", "#id_visited_on"))
    for line, (result, note) in seen.checks.items():
        if result == CheckResult.PROBLEM and not note.strip():
            problems.append((f"{line}：请写明问题。", f"#id_note_{line}"))
    for number, (_, _, due) in enumerate(seen.problems):
        if due < seen.visited_on:
            problems.append(("整改期限不能早于走访日期。", f"#id_problem_{number}_due"))
    if problems:
        raise Refused("走访记录还不完整。", problems=tuple(problems))
    for name in ("visited_on", "lead", "second", "others", "side", "place", "account", "advice", "signed_by_station"):
        setattr(visit, name, getattr(seen, name))
    visit.state, visit.recorded_by, visit.recorded_at = VisitState.DONE, by, timezone.now()
    visit.save()
    VisitCheck.objects.bulk_create(
        VisitCheck(visit=visit, line=line, result=result, note=note.strip())
        for line, (result, note) in seen.checks.items()
    )
    for line, text, due in seen.problems:
        Finding.objects.create(station=visit.station, visit=visit, line=line, text=text, due_on=due, raised_by=by)
    for upload in seen.photos:
        _photo(visit, upload, by=by)
    record(by=by, action="visit.record", obj=visit, detail={"problems": len(seen.problems), "kind": visit.kind})
    if seen.problems:
        first = min(due for _, _, due in seen.problems)
        send(
            to_organisation=visit.station.operator,
            subject=f"走访发现 {len(seen.problems)} 个问题，请整改",
            body=f"{date_cn(seen.visited_on)}{visit.get_kind_display()}，最早于{date_cn(first)}前整改完成并上传凭证。",
            link=visit.get_absolute_url(),
        )
        if seen.under_rectification and visit.station.state == StationState.ACTIVE:
            _set_state(visit.station, StationState.RECTIFYING, by=by, why=visit.number)
    else:
        send(
            to_organisation=visit.station.operator,
            subject=f"{date_cn(seen.visited_on)}{visit.get_kind_display()}记录已登记",
            link=visit.get_absolute_url(),
        )
    return visit


@transaction.atomic
def add_photo(*, visit_id: uuid.UUID, photo: Upload, caption: str, by: User) -> VisitPhoto:
    """One more photograph of a recorded visit; location data in it are dropped."""
    require(by, Role.CENTRE)
    visit = _locked(visit_id)
    if visit.state != VisitState.DONE:
        raise Conflict("走访还没有记录，请先记录后再添加照片。")
    row = _photo(visit, photo, by=by, caption=caption)
    record(by=by, action="visit.photo", obj=visit)
    return row


# --- problems found ---------------------------------------------------------------------------------------------------


def raise_for_change(change: ChangeReport, *, by: User) -> Finding:
    """A change of 承建单位 that was not reported before: no points, but a problem to be followed up (R-23, R-20)."""
    day = today()
    settings = policy_on(day).policy.settings
    row = Finding.objects.create(
        station=change.station,
        change=change,
        line="A3",
        text=f"变更承建单位没有事先报备（{date_cn(change.effective_on)}生效）。请说明原因并落实报备制度。",
        due_on=work_calendar().add_workdays(day, settings.handover_workdays),
        raised_by=by,
    )
    record(by=by, action="finding.raise", obj=row, detail={"change": change.number})
    return row


@transaction.atomic
def rectify(*, finding_id: uuid.UUID, text: str, done_on: dt.date, papers: Sequence[Upload], by: User) -> Rectification:
    """整改: what was done, when, and its proof. Raises Refused without proof or for a day to come."""
    finding = _locked_finding(finding_id)
    require_unit_of(finding.station, by)
    if finding.state != FindingState.OPEN:
        raise Conflict(f"这个问题{finding.get_state_display()}，请刷新后查看。")
    problems = []
    if not papers:
        problems.append(("请上传整改凭证（照片或文件）。", "#id_papers"))
    if done_on > today():
        problems.append(("整改完成日期不能晚于今天。", "#id_done_on"))
    if problems:
        raise Refused("还不能提交整改。", problems=tuple(problems))
    row = Rectification.objects.create(
        finding=finding, round=finding.rectifications.count() + 1, text=text, done_on=done_on, submitted_by=by
    )
    for upload in papers:
        attachment = keep(upload, station=finding.station, by=by, kind="rectification")
        RectificationPaper.objects.create(rectification=row, attachment=attachment)
    finding.state = FindingState.ANSWERED
    finding.save(update_fields=["state"])
    record(by=by, action="finding.rectify", obj=finding, detail={"round": row.round})
    send(to_role=Role.CENTRE, subject=f"整改已提交，请复查：{finding.station.name}", link=finding.get_absolute_url())
    return row


@transaction.atomic
def recheck(*, finding_id: uuid.UUID, passed: bool, note: str, due_on: dt.date | None, by: User) -> Finding:
    """复查: settled, or open again with a new day. 整改中 ends with the last problem of the station."""
    require(by, Role.CENTRE)
    finding = _locked_finding(finding_id)
    row = finding.rectifications.filter(passed__isnull=True).first()
    if finding.state != FindingState.ANSWERED or row is None:
        raise Conflict(f"这个问题{finding.get_state_display()}，请刷新后查看。")
    if not passed:
        problems = []
        if not note.strip():
            problems.append(("复查不通过的，请写明原因。", "#id_note"))
        if due_on is None or due_on < today():
            problems.append(("请重新给定整改期限，不早于今天。", "#id_due_on"))
        if problems:
            raise Refused("还不能登记复查。", problems=tuple(problems))
    row.passed, row.check_note, row.checked_by, row.checked_at = passed, note.strip(), by, timezone.now()
    row.save()
    finding.state = FindingState.CLOSED if passed else FindingState.OPEN
    finding.closed_at = timezone.now() if passed else None
    finding.due_on = finding.due_on if passed or due_on is None else due_on
    finding.save()
    record(by=by, action="finding.recheck", obj=finding, detail={"passed": passed, "round": row.round})
    send(
        to_organisation=finding.station.operator,
        subject="整改已通过复查" if passed else "整改未通过复查，请继续整改",
        body=row.check_note if passed else f"{row.check_note}请于{date_cn(finding.due_on)}前完成。",
        link=finding.get_absolute_url(),
    )
    states = [FindingState(state) for state in finding.station.findings.values_list("state", flat=True)]
    if passed and finding.station.state == StationState.RECTIFYING and all_settled(states):
        _set_state(finding.station, StationState.ACTIVE, by=by, why="问题全部整改完毕")
    return finding


# --- helpers ----------------------------------------------------------------------------------------------------------


def _locked(visit_id: uuid.UUID) -> Visit:
    station = lock_station(Visit.objects.values_list("station_id", flat=True).get(pk=visit_id))
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=visit_id)
    visit.station = station
    return visit


def _locked_finding(finding_id: uuid.UUID) -> Finding:
    station = lock_station(Finding.objects.values_list("station_id", flat=True).get(pk=finding_id))
    finding = Finding.objects.select_for_update(of=("self",)).get(pk=finding_id)
    finding.station = station
    return finding


def _require_centre(*people: User | None) -> None:
    if any(person is not None and person.role != Role.CENTRE for person in people):
        raise PermissionDenied


def _photo(visit: Visit, upload: Upload, *, by: User, caption: str = "") -> VisitPhoto:
    attachment = keep(upload, station=visit.station, by=by, kind="visit_photo", kinds=PHOTOS)
    return VisitPhoto.objects.create(visit=visit, attachment=attachment, caption=caption)


def _set_state(station: Station, state: StationState, *, by: User, why: str) -> None:
    """整改中 and back: rights and money stay as they are."""
    before, station.state = station.state, state
    station.save(update_fields=["state"])
    record(by=by, action="station.rectify", obj=station, detail={"before": before, "after": state, "why": why})
