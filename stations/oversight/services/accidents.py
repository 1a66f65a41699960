"""安全责任事故: registered, responsibility found on a document, graded by the bureau."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.services import Upload
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.services import send
from stations.oversight.enums import AccidentBasis, AccidentGrade, AccidentState
from stations.oversight.models import Accident
from stations.oversight.queries.numbers import next_number
from stations.oversight.queries.safety import outlook
from stations.registry.models import Employer

from .common import keep, lock_station, require


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, when and where."""

    happened_on: dt.date
    place: str
    employer: Employer | None
    during_delivery: bool
    description: str
    deaths: int
    serious_injuries: int
    loss_yuan: int


@transaction.atomic
def register(*, station_id: uuid.UUID, event: Event, by: User, key: uuid.UUID) -> Accident:
    """Registered by the centre; nothing counts yet. The same form sent twice is one."""
    require(by, Role.CENTRE)
    station = lock_station(station_id)  # first: of two clicks at once the second finds what the first has made
    if earlier := Accident.objects.filter(pk=key, created_by=by).first():
        return earlier
    if event.happened_on > today():
        raise Refused("还不能登记事故。", problems=(("发生日期不能晚于今天。", "#id_happened_on"),))
    row = Accident.objects.create(
        id=key,
        number=next_number(Accident, "SG", today()),
        station=station,
        created_by=by,
        **{name: getattr(event, name) for name in Event.__dataclass_fields__},
    )
    record(by=by, action="accident.register", obj=row, detail={"happened_on": event.happened_on.isoformat()})
    send(
        to_organisation=station.operator,
        subject=f"登记了一起事故：{row.number}",
        body="责任认定以主管部门的文书，或区就业服务中心两人认定为准。",
        link=row.get_absolute_url(),
    )
    return row


@transaction.atomic
def find(
    *, accident_id: uuid.UUID, responsible: bool, grade: AccidentGrade, basis: AccidentBasis, basis_note: str,
    file: Upload, by: User,
) -> Accident:  # fmt: skip
    """责任认定 with its document. An authority's decides; the centre's own waits for a second person."""
    require(by, Role.CENTRE)
    row = _locked(accident_id)
    _expect(row, AccidentState.REGISTERED)
    row.responsible, row.grade, row.basis, row.basis_note = responsible, grade, basis, basis_note
    row.basis_file = keep(file, station=row.station, by=by, kind="accident_basis")
    row.proposed_by, row.proposed_at, row.state = by, timezone.now(), AccidentState.PROPOSED
    row.returned_note = ""
    record(by=by, action="accident.find", obj=row, detail={"responsible": responsible, "basis": basis})
    if basis == AccidentBasis.AUTHORITY:
        _decide(row, by=by)
    row.save()
    if row.state == AccidentState.PROPOSED:
        send(to_role=Role.CENTRE, subject=f"事故责任认定请第二人复核：{row.number}", link=row.get_absolute_url())
    else:
        _announce(row)
    return row


@transaction.atomic
def approve(*, accident_id: uuid.UUID, by: User) -> Accident:
    """A second person of the centre agrees; from now it counts (R-64)."""
    require(by, Role.CENTRE)
    row = _locked(accident_id)
    _expect(row, AccidentState.PROPOSED)
    _other_than(row, by)
    _decide(row, by=by)
    row.save()
    record(by=by, action="accident.approve", obj=row, detail={"responsible": row.responsible})
    _announce(row)
    return row


@transaction.atomic
def send_back(*, accident_id: uuid.UUID, note: str, by: User) -> Accident:
    """The second person does not agree; what was proposed stays in the journal, the file where it is stored."""
    require(by, Role.CENTRE)
    row = _locked(accident_id)
    _expect(row, AccidentState.PROPOSED)
    _other_than(row, by)
    proposer = row.proposed_by
    detail = {"responsible": row.responsible, "grade": row.grade, "note": note, "file": str(row.basis_file_id)}
    row.state, row.responsible, row.grade, row.basis, row.basis_note = AccidentState.REGISTERED, None, "", "", ""
    row.basis_file, row.proposed_by, row.proposed_at, row.returned_note = None, None, None, note
    row.save()
    record(by=by, action="accident.send_back", obj=row, detail=detail)
    send(to_user=proposer, subject=f"事故责任认定被退回：{row.number}", body=note, link=row.get_absolute_url())
    return row


@transaction.atomic
def find_major(*, accident_id: uuid.UUID, major: bool, note: str, by: User) -> Accident:
    """局认定重大安全责任事故 or not: a ground of 第八条（五）, which by itself revokes nothing (R-32)."""
    require(by, Role.BUREAU)
    row = _locked(accident_id)
    if row.state != AccidentState.DECIDED or not row.responsible or row.bureau_at:
        raise Conflict("这起事故不在可认定的状态，请刷新后查看。")
    row.bureau_major_finding, row.bureau_note, row.bureau_by, row.bureau_at = major, note, by, timezone.now()
    row.save()
    record(by=by, action="accident.find_major", obj=row, detail={"major": major})
    send(to_role=Role.CENTRE, subject=f"局已认定事故是否重大：{row.number}", link=row.get_absolute_url())
    return row


# --- helpers ----------------------------------------------------------------------------------------------------------


def _locked(accident_id: uuid.UUID) -> Accident:
    station = lock_station(Accident.objects.values_list("station_id", flat=True).get(pk=accident_id))
    row = Accident.objects.select_for_update(of=("self",)).get(pk=accident_id)
    row.station = station
    return row


def _expect(row: Accident, state: AccidentState) -> None:
    if row.state != state:
        raise Conflict(f"这起事故{row.get_state_display()}，请刷新后查看。")


def _other_than(row: Accident, by: User) -> None:
    if row.proposed_by_id == by.pk:
        raise Refused("责任认定须由另一位工作人员复核，您是提出人。")


def _decide(row: Accident, *, by: User) -> None:
    row.state, row.decided_by, row.decided_at = AccidentState.DECIDED, by, timezone.now()


def _announce(row: Accident) -> None:
    ahead = outlook(row.station, day=row.happened_on)
    words = ahead.now.text if ahead else ""
    found = "站点负有责任" if row.responsible else "站点没有责任"
    send(
        to_organisation=row.station.operator,
        subject=f"事故责任认定：{found}（{row.number}）",
        body=words,
        link=row.get_absolute_url(),
    )
    if row.responsible:
        send(
            to_role=Role.BUREAU,
            subject=f"请认定是否重大安全责任事故：{row.number}",
            body=words,
            link=row.get_absolute_url(),
        )
