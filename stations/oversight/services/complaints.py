"""投诉: received, told, passed on to the station, verified, answered. Who complained is opened only for a purpose."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.crypto import blind_index
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.locks import lock_name
from jinhua_labor.mailbox.services import send
from jinhua_labor.notices.rules import scan
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import ComplaintChannel, ComplaintState, Verdict
from stations.oversight.models import Complaint
from stations.oversight.queries.numbers import next_number
from stations.oversight.queries.safety import due_of, fact_of, outlook
from stations.oversight.rules.codes import new_code
from stations.oversight.rules.complaints import REMIND_DAYS, counts, finish_by, may_become, reminds, tell_by
from stations.registry.models import Station

from .common import lock_station, require, require_unit_of

SHOWN_AGAIN = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Heard:
    """What was complained of, and by whom; an empty name is 匿名."""

    from_kind: str
    name: str
    phone: str
    content: str
    demand: str
    against_rights: str
    station: Station | None


@dataclass(frozen=True, slots=True)
class Received:
    """A complaint and the code its author follows it with; empty where the same form came some time before."""

    complaint: Complaint
    code: str


@transaction.atomic
def complain(*, heard: Heard, key: uuid.UUID) -> Received:
    """A complaint of anyone through the public page. The same form sent twice is one."""
    if earlier := _again(key, by=None):
        return earlier
    return _receive(heard, channel=ComplaintChannel.ONLINE, received_on=today(), key=key, by=None)


@transaction.atomic
def register(*, heard: Heard, channel: ComplaintChannel, received_on: dt.date, key: uuid.UUID, by: User) -> Received:
    """What the centre heard by telephone, at the counter, or had handed on to it."""
    require(by, Role.CENTRE)
    if earlier := _again(key, by=by):
        return earlier
    if received_on > today():
        raise Refused("还不能登记。", problems=(("收到日期不能晚于今天。", "#id_received_on"),))
    return _receive(heard, channel=channel, received_on=received_on, key=key, by=by)


@transaction.atomic
def tell(
    *, complaint_id: uuid.UUID, told_on: dt.date, told_how: str, station: Station | None, shown: str, by: User
) -> Complaint:
    """告知: the person is told how it is handled, and the station reads what it is to explain, without who said so."""
    require(by, Role.CENTRE)
    row = _locked(complaint_id)
    _expect(row, ComplaintState.TOLD)
    row.station = lock_station(station.pk) if station else None
    problems = _day_problem(row, told_on, "告知日期", "#id_tell_told_on")
    problems += _personal(row, shown, "#id_tell_shown", "转站点的内容")
    if problems:
        raise Refused("还不能登记告知。", problems=tuple(problems))
    row.state, row.told_on, row.told_how, row.told_by, row.shown = (
        ComplaintState.TOLD, told_on, told_how, by, shown,
    )  # fmt: skip
    row.save()
    record(by=by, action="complaint.tell", obj=row, detail={"told_on": told_on.isoformat()})
    if row.station:
        send(
            to_organisation=row.station.operator,
            subject=f"有一件投诉请说明情况：{row.number}",
            body=f"涉及{row.station.name}，请如实说明情况，不得查找、为难投诉人。",
            link=row.get_absolute_url(),
        )
    return row


@transaction.atomic
def explain(*, complaint_id: uuid.UUID, text: str, by: User) -> Complaint:
    """站点说明, once, before the complaint is verified."""
    row = _locked(complaint_id)
    if row.station is None:
        raise Refused("这件投诉没有指明工作站。")
    require_unit_of(row.station, by)
    if row.state != ComplaintState.TOLD or row.answered_at:
        raise Conflict(f"这件投诉{'已经说明' if row.answered_at else row.get_state_display()}，请刷新后查看。")
    row.answer, row.answered_by, row.answered_at = text, by, timezone.now()
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    record(by=by, action="complaint.explain", obj=row)
    send(to_role=Role.CENTRE, subject=f"站点已说明情况：{row.number}", link=row.get_absolute_url())
    return row


@transaction.atomic
def verify(
    *, complaint_id: uuid.UUID, verdict: Verdict, verified_on: dt.date, finding: str, against_rights: str, severe: bool,
    by: User,
) -> Complaint:  # fmt: skip
    """核实: 属实 and 部分属实 count against the station from this day (R-54); until it is closed, made anew."""
    require(by, Role.CENTRE)
    row = _locked(complaint_id)
    _expect(row, ComplaintState.VERIFIED)
    problems = _day_problem(row, verified_on, "核实日期", "#id_verify_verified_on")
    problems += _personal(row, finding, "#id_verify_finding", "核实结论")
    if severe and not counts(verdict):
        problems.append(("没有核实的投诉不能列为严重损害权益。", "#id_verify_severe"))
    if severe and not against_rights:
        problems.append(("严重损害权益的，请选择损害的是务工人员还是企业。", "#id_verify_against_rights"))
    if problems:
        raise Refused("还不能登记核实。", problems=tuple(problems))
    before = {"verdict": row.verdict, "verified_on": row.verified_on.isoformat() if row.verified_on else ""}
    row.state, row.verdict, row.verified_on, row.finding = ComplaintState.VERIFIED, verdict, verified_on, finding
    row.against_rights, row.severe, row.verified_by = against_rights, severe, by
    row.save()
    after = {"verdict": verdict, "verified_on": verified_on.isoformat(), "severe": severe}
    record(by=by, action="complaint.verify", obj=row, detail={"before": before, "after": after})
    if row.station:
        ahead = outlook(row.station, day=verified_on)
        send(
            to_organisation=row.station.operator,
            subject=f"投诉核实结果：{verdict.label}（{row.number}）",
            body=ahead.now.text if ahead else "",
            link=row.get_absolute_url(),
        )
        if ahead and ahead.now.vetoed and counts(verdict):
            send(
                to_role=Role.BUREAU,
                subject=f"触及一票否决：{row.station.name}",
                body=ahead.now.text,
                link=row.get_absolute_url(),
            )
    return row


@transaction.atomic
def transfer(*, complaint_id: uuid.UUID, transferred_on: dt.date, note: str, by: User) -> Complaint:
    """转劳动保障监察: a mark beside the inquiry here, with its day."""
    require(by, Role.CENTRE)
    row = _locked(complaint_id)
    if row.transferred_on or row.state == ComplaintState.CLOSED:
        raise Conflict(f"这件投诉{'已经转办' if row.transferred_on else '已办结'}，请刷新后查看。")
    problems = _day_problem(row, transferred_on, "转办日期", "#id_transfer_transferred_on")
    if problems:
        raise Refused("还不能登记转办。", problems=tuple(problems))
    row.transferred_on, row.transferred_note, row.transferred_by = transferred_on, note, by
    row.save(update_fields=["transferred_on", "transferred_note", "transferred_by"])
    record(by=by, action="complaint.transfer", obj=row, detail={"transferred_on": transferred_on.isoformat()})
    return row


@transaction.atomic
def close(*, complaint_id: uuid.UUID, closed_on: dt.date, reply: str, by: User) -> Complaint:
    """办结 with the answer to the person; whoever holds the code reads it, so it names nobody's numbers."""
    require(by, Role.CENTRE)
    row = _locked(complaint_id)
    _expect(row, ComplaintState.CLOSED)
    problems = _day_problem(row, closed_on, "办结日期", "#id_close_closed_on")
    if row.verified_on and closed_on < row.verified_on:
        problems.append(("办结日期不能早于核实日期。", "#id_close_closed_on"))
    problems += _personal(row, reply, "#id_close_reply", "答复")
    if problems:
        raise Refused("还不能办结。", problems=tuple(problems))
    row.state, row.closed_on, row.reply, row.closed_by = ComplaintState.CLOSED, closed_on, reply, by
    row.save()
    record(by=by, action="complaint.close", obj=row, detail={"closed_on": closed_on.isoformat()})
    if row.station:
        send(to_organisation=row.station.operator, subject=f"投诉已办结：{row.number}", link=row.get_absolute_url())
    return row


@dataclass(frozen=True, slots=True)
class Complainant:
    name: str
    phone: str


@transaction.atomic
def reveal(*, complaint_id: uuid.UUID, purpose: str, by: User) -> Complainant:
    """Who complained, after the purpose is in the journal; the offices only."""
    require(by, Role.CENTRE, Role.BUREAU)
    row = Complaint.objects.get(pk=complaint_id)
    record(by=by, action="complaint.reveal", obj=row, purpose=purpose)
    return Complainant(row.from_name or "匿名", row.from_phone or "没有留下电话")


@transaction.atomic
def remind_due(*, day: dt.date) -> int:
    """Tells the centre of each deadline once, some days before it (or when it is past); gives the number told."""
    soon = day + dt.timedelta(days=REMIND_DAYS)
    telling = Q(state=ComplaintState.REGISTERED, tell_by__lte=soon, tell_reminded_on__isnull=True)
    finishing = Q(told_on__isnull=False, finish_by__lte=soon, finish_reminded_on__isnull=True)
    rows = Complaint.objects.unfinished().filter(telling | finishing).defer("from_name", "from_phone")
    count = 0
    for row in rows.select_for_update(of=("self",), skip_locked=True):
        owed = due_of(row, day=day)
        if owed is None or not reminds(fact_of(row), on=day):
            continue
        column = "finish_reminded_on" if row.told_on else "tell_reminded_on"
        setattr(row, column, day)
        row.save(update_fields=[column])
        send(to_role=Role.CENTRE, subject=f"投诉{row.number}{owed.text}", link=row.get_absolute_url())
        count += 1
    return count


# --- helpers ----------------------------------------------------------------------------------------------------------


def _code_of(key: uuid.UUID) -> tuple[str, bytes]:
    """The code of the form with this key, which only its own page has; without the portal's secret it tells nothing."""
    return new_code(blind_index("complaint.code", str(key)))


def _again(key: uuid.UUID, *, by: User | None) -> Received | None:
    """What was received with this very form. Two clicks, or a line that broke, show the code again; who comes back to
    the page of somebody else later does not see it."""
    lock_name(f"complaint:{key}")  # of two clicks at once the second waits for what the first makes
    row = Complaint.objects.filter(key=key, created_by=by).first()
    if row is None:
        return None
    return Received(row, _code_of(key)[0] if timezone.now() - row.created_at < SHOWN_AGAIN else "")


def _receive(
    heard: Heard, *, channel: ComplaintChannel, received_on: dt.date, key: uuid.UUID, by: User | None
) -> Received:
    settings = policy_on(received_on).policy.settings
    code, kept = _code_of(key)
    row = Complaint.objects.create(
        number=next_number(Complaint, "TS", today()),
        key=key,
        code_digest=kept,
        station=heard.station,
        received_on=received_on,
        channel=channel,
        from_kind=heard.from_kind,
        anonymous=not heard.name,
        from_name=heard.name or None,
        from_phone=heard.phone or None,
        content=heard.content,
        demand=heard.demand,
        against_rights=heard.against_rights,
        tell_by=tell_by(received_on, settings=settings),
        finish_by=finish_by(received_on, settings=settings),
        created_by=by,
    )
    record(by=by, action="complaint.receive", obj=row, detail={"channel": channel})
    send(
        to_role=Role.CENTRE,
        subject=f"收到投诉{row.number}",
        body=f"请于{date_cn(row.tell_by)}前告知投诉人如何办理，{date_cn(row.finish_by)}前办结。",
        link=row.get_absolute_url(),
    )
    return Received(row, code)


def _locked(complaint_id: uuid.UUID) -> Complaint:
    station_id = Complaint.objects.values_list("station_id", flat=True).get(pk=complaint_id)
    station = lock_station(station_id) if station_id else None
    row = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint_id)
    if row.station_id != station_id:
        raise Conflict("这件投诉刚刚被别人处理，请刷新后再办。")
    row.station = station
    return row


def _expect(row: Complaint, target: ComplaintState) -> None:
    if not may_become(ComplaintState(row.state), target):
        raise Conflict(f"这件投诉{row.get_state_display()}，请刷新后查看。")


Problems = list[tuple[str, str]]


def _day_problem(row: Complaint, day: dt.date, label: str, anchor: str) -> Problems:
    if day > today():
        return [(f"{label}不能晚于今天。", anchor)]
    return [(f"{label}不能早于收到投诉的日期。", anchor)] if day < row.received_on else []


def _personal(row: Complaint, text: str, anchor: str, label: str) -> Problems:
    """What others than the offices read must not say who complained."""
    problems = [(f"{label}疑似含有{one.kind}：{one.excerpt}", anchor) for one in scan(text)]
    if row.from_name and row.from_name in text:
        problems.append((f"{label}写有投诉人的姓名，请删去。", anchor))
    return problems
