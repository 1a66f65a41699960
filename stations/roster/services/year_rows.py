"""Rows of a station: added, corrected, ended and taken out, with what the year asks for: a reason and a record."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.services import send
from stations.roster import consent
from stations.roster.enums import CorrectionKind, CountStatus, EmploymentForm, LeaveReason
from stations.roster.models import Delivery, FrozenYear, RowCorrection

from . import rows
from .recount import recount_list
from .rows import RowFields
from .station_list import frozen_on, held_station, list_of

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User
    from stations.registry.models import Station

LABELS: Final = {
    "name": "姓名",
    "id": "身份证后四位",
    "hukou": "户籍",
    "employer": "入职企业",
    "entry_on": "入职时间",
    "form": "用工形式",
    "contract_employer": "合同用人单位",
    "post": "岗位",
    "education": "文化程度",
    "skill": "技能等级",
    "certificate_no": "证书编号",
    "leave_on": "离职时间",
    "leave_reason": "离职原因",
}


@transaction.atomic
def add(*, station: Station, fields: RowFields, consented: bool, by: User, reason: str = "") -> Delivery:
    """A new row of the station, counted at once; 补录 with a reason where its year is frozen.

    Raises Refused for a person registered already with the same employer and date, an entry in the future or before
    16, a missing declaration of consent, or a missing reason.
    """
    roster_list = list_of(station=station, by=by)
    if not consented:
        raise Refused("请先确认已告知本人并取得单独同意。", problems=(("请确认告知同意", "#id_consented"),))
    if fields.id_number is None:
        raise Refused("请填写身份证号。", problems=(("请填写身份证号", "#id_id_number"),))
    rows.check(fields, fields.id_number.birth)
    frozen = frozen_on(station.pk, fields.entry_on)
    if frozen is not None:
        _need(reason, f"{frozen}已冻结，补录须写明理由。")
    last = Delivery.objects.filter(roster_list=roster_list).order_by("-seq").values_list("seq", flat=True).first()
    row = Delivery(
        operator_id=roster_list.operator_id,
        person=rows.person_of(fields.id_number),
        roster_list=roster_list,
        station=station,
        seq=(last or 0) + 1,
        consent_version=consent.CURRENT,
        consent_at=timezone.now(),
    )
    if frozen is not None:  # before the row: the trigger asks for it, its reference waits for the end
        _keep(row, CorrectionKind.ADD, reason, [], frozen, by)
    rows.write(row, fields)
    record(by=by, action="roster.row_add", obj=row, detail={"station": station.number, "reason": reason})
    recount_list(roster_list=roster_list, persons=[row.person_id])
    return row


@transaction.atomic
def correct(*, delivery: Delivery, fields: RowFields, by: User, reason: str = "", shown: str = "") -> Delivery:
    """The row with other contents. A row that counts, or whose year is frozen, needs a reason; the record keeps what
    stood there, and so does the row's history.

    `shown` is the stamp of the row when the form was made. Raises Conflict when somebody was quicker, Refused when the
    contents cannot stand or the reason is missing. Contents that change nothing leave no record.
    """
    row = _held(delivery, by)
    if shown and shown != rows.stamp(row):
        raise Conflict("这一行刚刚被修改过，请核对下方的最新内容后再保存。")
    frozen = frozen_on(row.station_id, row.entry_on, fields.entry_on)
    before, old_person, status = _words(row), row.person_id, row.status
    if fields.id_number is not None:
        row.person = rows.person_of(fields.id_number)
    rows.check(fields, row.person.birth)
    changes = _changes(before, _planned(row, fields))
    if not changes:
        return row
    if frozen is not None or status == CountStatus.COUNTED:
        _need(reason, f"{frozen}已冻结，更正须写明理由。" if frozen else "该人员已计入，更正须写明理由。")
    if reason.strip():
        _keep(row, CorrectionKind.CORRECT, reason, changes, frozen, by)
    rows.write(row, fields)
    record(by=by, action="roster.row_correct", obj=row, detail={"changes": changes, "reason": reason, "was": status})
    if row.roster_list is not None:
        recount_list(roster_list=row.roster_list, persons={old_person, row.person_id})
    _tell(row, by, "更正了一行登记", "；".join(f"{label}：{old} → {new}" for label, old, new in changes))
    return row


@transaction.atomic
def leave(*, delivery: Delivery, leave_on: dt.date, leave_reason: str, by: User, note: str = "") -> Delivery:
    """离职: the day (the last one at work) and why. A later answer replaces an earlier one and keeps it."""
    row = _held(delivery, by)
    problems = []
    if leave_on < row.entry_on:
        problems.append((f"离职时间不能早于入职时间（{date_cn(row.entry_on)}）。", "#id_leave_on"))
    if leave_on > today():
        problems.append(("离职时间不能晚于今天。", "#id_leave_on"))
    if leave_reason not in LeaveReason.values:
        problems.append(("请选择离职原因。", "#id_leave_reason"))
    if leave_reason == LeaveReason.OTHER and not note.strip():
        problems.append(("离职原因为其他的，请写明情况。", "#id_note"))
    if problems:
        raise Refused("离职还不能登记。", problems=tuple(problems))
    if (row.leave_on, row.leave_reason) == (leave_on, leave_reason):
        return row
    before = _words(row)
    after = {**before, "leave_on": leave_on.isoformat(), "leave_reason": str(LeaveReason(leave_reason).label)}
    reason = note.strip() or str(LeaveReason(leave_reason).label)
    frozen = frozen_on(row.station_id, row.entry_on)
    _keep(row, CorrectionKind.LEAVE, reason, _changes(before, after), frozen, by)
    row.leave_on, row.leave_reason = leave_on, leave_reason
    row.save(update_fields=["leave_on", "leave_reason"])
    record(by=by, action="roster.leave", obj=row, detail={"leave_on": leave_on, "reason": leave_reason})
    if row.roster_list is not None:
        recount_list(roster_list=row.roster_list, persons=[row.person_id])
    return row


@transaction.atomic
def remove(*, delivery: Delivery, reason: str, by: User) -> None:
    """Takes out a row that was entered by mistake; history and journal keep it. Raises Refused for one that counts, of
    a frozen year, or with papers or checks of its own."""
    row = _held(delivery, by)
    if row.status == CountStatus.COUNTED:
        raise Refused("该人员已计入，不能删除；登记有误的请更正并写明理由。")
    if frozen_on(row.station_id, row.entry_on):
        raise Refused("该年度名册已冻结，不能删除；登记有误的请更正并写明理由。")
    _need(reason, "请写明删除理由。")
    kept = (row.contracts, row.certificates, row.corrections)
    if any(one.exists() for one in kept) or hasattr(row, "retention") or _claimed(row):
        raise Refused("该人员名下已有合同、证书、留用统计、更正或归属认定，不能删除；登记有误的请更正并写明理由。")
    record(by=by, action="roster.row_delete", obj=row, detail={"before": _words(row), "reason": reason.strip()})
    roster_list, person = row.roster_list, row.person_id
    row.delete()
    if roster_list is not None:
        recount_list(roster_list=roster_list, persons=[person])


def _claimed(row: Delivery) -> bool:
    return (
        row.person.claim_decisions.filter(holder=row).exists()
        or row.person.claim_decisions.filter(claimant=row).exists()
    )


def _held(delivery: Delivery, by: User) -> Delivery:
    if delivery.station is None:
        raise Refused("这一行还不属于工作站，请在申请的名册中更正。")
    held_station(delivery.station, by)
    found = Delivery.objects.select_for_update(of=("self",)).select_related(
        "roster_list", "person", "employer", "station__operator"
    )
    row = found.filter(pk=delivery.pk).first()
    if row is None:
        raise Conflict("这一行已被删除，请返回名册。")
    return row


def _need(reason: str, message: str) -> None:
    if not reason.strip():
        raise Refused(message, problems=((message, "#id_reason"),))


def _keep(
    row: Delivery, kind: str, reason: str, changes: list[list[str]], frozen: FrozenYear | None, by: User
) -> RowCorrection:
    return RowCorrection.objects.create(
        delivery_id=row.pk,
        kind=kind,
        reason=reason.strip()[:200],
        changes=changes,
        status="" if kind == CorrectionKind.ADD else row.status,
        frozen=frozen,
        by=by,
    )


def _words(row: Delivery) -> dict[str, str]:
    """The row in words; no identity number beyond its last four digits."""
    return {
        "name": row.name,
        "id": row.person.last4,
        "hukou": row.hukou_text,
        "employer": row.employer.name,
        "entry_on": row.entry_on.isoformat(),
        "form": str(EmploymentForm(row.employment_form).label),
        "contract_employer": row.contract_employer_code,
        "post": row.post,
        "education": row.education,
        "skill": row.skill,
        "certificate_no": row.certificate_no,
        "leave_on": row.leave_on.isoformat() if row.leave_on else "",
        "leave_reason": str(LeaveReason(row.leave_reason).label) if row.leave_reason else "",
    }


def _planned(row: Delivery, fields: RowFields) -> dict[str, str]:
    """The same words of what is to be written."""
    return {
        **_words(row),
        "name": fields.name,
        "hukou": fields.hukou_text,
        "employer": fields.employer.name,
        "entry_on": fields.entry_on.isoformat(),
        "form": str(EmploymentForm(fields.employment_form).label),
        "contract_employer": fields.contract_employer_code,
        "post": fields.post,
        "education": fields.education,
        "skill": fields.skill,
        "certificate_no": fields.certificate_no,
        "leave_on": fields.leave_on.isoformat() if fields.leave_on else "",
        **({"leave_reason": ""} if fields.leave_on is None else {}),
    }


def _changes(before: dict[str, str], after: dict[str, str]) -> list[list[str]]:
    return [
        [label, before[name] or "空", after[name] or "空"]
        for name, label in LABELS.items()
        if before[name] != after[name]
    ]


def _tell(row: Delivery, by: User, what: str, text: str) -> None:
    """Says to the operator what the centre did to one of its rows."""
    if by.role == Role.CENTRE and row.station is not None:
        send(
            subject=f"区就业服务中心{what}：{row.name}",
            body=text,
            link=row.get_absolute_url(),
            to_organisation=row.station.operator,
        )
