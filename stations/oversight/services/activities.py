"""劳务对接活动: entered by a station with its evidence, confirmed or returned by the centre."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.services import Upload
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.services import send
from stations.oversight.enums import ActivityMode, ActivityPaperSlot, ActivityRole, ActivityState
from stations.oversight.models import Activity, ActivityOrganiser, ActivityPaper
from stations.oversight.rules.activities import event_key
from stations.registry.models import Station

from .common import PAPERS, PHOTOS, keep, lock_station, require, require_running, require_unit_of

WORDS = (
    *("name", "kind", "held_on", "place", "mode", "employers", "summary"),
    *("employers_no", "jobs_no", "seekers_no", "intents_no"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a station says of an event. `role` is its own part; `first` is the station on top of the poster where that
    is another one, `joint` are those that organised it too."""

    name: str
    kind: str
    held_on: dt.date
    place: str
    mode: str
    role: ActivityRole
    employers_no: int = 0
    jobs_no: int = 0
    seekers_no: int = 0
    intents_no: int = 0
    employers: str = ""
    summary: str = ""
    first: Station | None = None
    joint: Sequence[Station] = ()
    papers: Mapping[str, Sequence[Upload]] = field(default_factory=dict)


@transaction.atomic
def enter(*, station_id: uuid.UUID, entry: Entry, by: User, key: uuid.UUID) -> Activity:
    """A new entry; the same form sent twice is one. Entering an event again is no fault: it counts once (R-60)."""
    station = lock_station(station_id)  # first: of two clicks at once the second finds what the first has made
    if earlier := Activity.objects.filter(pk=key, created_by=by).first():
        return earlier
    require_unit_of(station, by)
    require_running(station)
    activity = Activity(id=key, station=station, created_by=by)
    _fill(activity, entry, by=by)
    record(by=by, action="activity.enter", obj=activity, detail={"held_on": entry.held_on.isoformat()})
    send(to_role=Role.CENTRE, subject=f"劳务对接活动待确认：{activity.name}", link=activity.get_absolute_url())
    return activity


@transaction.atomic
def amend(*, activity_id: uuid.UUID, entry: Entry, by: User) -> Activity:
    """An entry mended before it is confirmed."""
    activity = _locked(activity_id)
    require_unit_of(activity.station, by)
    if activity.state not in {ActivityState.SUBMITTED, ActivityState.RETURNED}:
        raise Conflict(f"该活动{activity.get_state_display()}，不能再修改。")
    before = {name: str(getattr(activity, name)) for name in WORDS}
    returned = activity.state == ActivityState.RETURNED
    activity.state = ActivityState.SUBMITTED
    _fill(activity, entry, by=by)
    after = {name: str(getattr(activity, name)) for name in WORDS}
    changed = [name for name in WORDS if before[name] != after[name]]
    record(
        by=by,
        action="activity.amend",
        obj=activity,
        detail={"before": {n: before[n] for n in changed}, "after": {n: after[n] for n in changed}},
    )
    if returned:
        send(
            to_role=Role.CENTRE,
            subject=f"劳务对接活动已修改，请确认：{activity.name}",
            link=activity.get_absolute_url(),
        )
    return activity


@transaction.atomic
def remove_paper(*, activity_id: uuid.UUID, paper_id: uuid.UUID, by: User) -> None:
    """Takes a piece of evidence off an entry that is not confirmed."""
    activity = _locked(activity_id)
    require_unit_of(activity.station, by)
    if activity.state not in {ActivityState.SUBMITTED, ActivityState.RETURNED}:
        raise Conflict(f"该活动{activity.get_state_display()}，佐证不能再移除。")
    paper = activity.papers.filter(pk=paper_id).first()
    if paper is None:
        return
    record(by=by, action="activity.remove_paper", obj=activity, detail={"name": paper.attachment.name})
    paper.delete()


@transaction.atomic
def withdraw(*, activity_id: uuid.UUID, by: User) -> Activity:
    activity = _locked(activity_id)
    require_unit_of(activity.station, by)
    if activity.state == ActivityState.WITHDRAWN:
        return activity
    if activity.state == ActivityState.CONFIRMED:
        raise Conflict("活动已经确认，不能撤回；确有错误的请联系区就业服务中心退回。")
    activity.state = ActivityState.WITHDRAWN
    activity.save(update_fields=["state"])
    record(by=by, action="activity.withdraw", obj=activity)
    return activity


@transaction.atomic
def confirm(*, activity_id: uuid.UUID, answer: str, by: User) -> Activity:
    """确认: photographs are there, and the sign-in sheet where people met in person; online ones need evidence."""
    require(by, Role.CENTRE)
    activity = _locked(activity_id)
    if activity.state == ActivityState.CONFIRMED and activity.confirmed_by_id == by.pk:
        return activity
    _refuse_unless_waiting(activity)
    there = set(activity.papers.values_list("slot", flat=True))
    problems = []
    if activity.mode == ActivityMode.ONLINE:
        if not there:
            problems.append(("线上活动没有佐证，请退回补充。", ""))
    else:
        wanted = (ActivityPaperSlot.PHOTO, ActivityPaperSlot.SIGN_IN)
        problems += [(f"缺少{slot.label}，请退回补充。", "") for slot in wanted if slot not in there]
    if problems:
        raise Refused("佐证不齐，还不能确认。", problems=tuple(problems))
    activity.state, activity.answer = ActivityState.CONFIRMED, answer.strip()
    activity.confirmed_by, activity.confirmed_at = by, timezone.now()
    activity.save()
    record(by=by, action="activity.confirm", obj=activity)
    send(
        to_organisation=activity.station.operator,
        subject=f"劳务对接活动已确认：{activity.name}",
        link=activity.get_absolute_url(),
    )
    return activity


@transaction.atomic
def send_back(*, activity_id: uuid.UUID, answer: str, by: User) -> Activity:
    """退回 with what is missing; also a confirmed one that turns out to be wrong."""
    require(by, Role.CENTRE)
    activity = _locked(activity_id)
    if activity.state not in {ActivityState.SUBMITTED, ActivityState.CONFIRMED}:
        raise Conflict(f"该活动{activity.get_state_display()}，请刷新后查看。")
    if not answer.strip():
        raise Refused("请写明退回的原因。", problems=(("请写明退回的原因。", "#id_return_answer"),))
    before, activity.state, activity.answer = activity.state, ActivityState.RETURNED, answer.strip()
    activity.confirmed_by = activity.confirmed_at = None
    activity.save()
    record(by=by, action="activity.return", obj=activity, detail={"before": before, "reason": activity.answer})
    send(
        to_organisation=activity.station.operator,
        subject=f"劳务对接活动被退回：{activity.name}",
        body=activity.answer,
        link=activity.get_absolute_url(),
    )
    return activity


def _locked(activity_id: uuid.UUID) -> Activity:
    station = lock_station(Activity.objects.values_list("station_id", flat=True).get(pk=activity_id))
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity_id)
    activity.station = station
    return activity


def _fill(activity: Activity, entry: Entry, *, by: User) -> None:
    if entry.held_on > today():
        raise Refused("活动举办之后再登记。", problems=(("举办日期不能晚于今天。", "#id_held_on"),))
    others = [entry.first] if entry.first else []
    stations = [*others, activity.station, *entry.joint]
    if len({station.pk for station in stations}) != len(stations):
        raise Refused("同一工作站只能列一次。", problems=(("请核对联合主办站点。", "#id_joint"),))
    for name in WORDS:
        setattr(activity, name, getattr(entry, name))
    activity.key = event_key(entry.held_on, entry.place, entry.name)
    activity.save()
    activity.organisers.all().delete()
    for position, station in enumerate(stations, 1):
        own = station.pk == activity.station_id
        role = entry.role if own else (ActivityRole.HOST if station in others else ActivityRole.JOINT)
        ActivityOrganiser.objects.create(activity=activity, station=station, role=role, position=position)
    for slot, uploads in entry.papers.items():
        kinds = PHOTOS if slot == ActivityPaperSlot.PHOTO else PAPERS
        for upload in uploads:
            attachment = keep(upload, station=activity.station, by=by, kind=f"activity_{slot.lower()}", kinds=kinds)
            ActivityPaper.objects.create(activity=activity, slot=slot, attachment=attachment, added_by=by)


def _refuse_unless_waiting(activity: Activity) -> None:
    if activity.state != ActivityState.SUBMITTED:
        who = f"已由{activity.confirmed_by.name}" if activity.confirmed_by else ""
        raise Conflict(f"该活动{who}{activity.get_state_display()}，请刷新后查看。")
