"""Single rows: added, corrected and removed by hand while the list, or this row of it, is open."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.crypto import blind_index
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.idnumber import IdNumber
from jinhua_labor.core.provinces import province_of_text
from jinhua_labor.policy.periods import MONTHS_PER_YEAR, add_months
from jinhua_labor.rulebook import policy_on
from stations.registry.models import Employer
from stations.roster import consent
from stations.roster.models import ID_PURPOSE, Delivery, Person, RosterList

from .lists import AT_STATION, held_for
from .recount import recount_list

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User


@dataclass(frozen=True, slots=True)
class RowFields:
    """What a person types for one row. `id_number` is None where the row keeps its person."""

    name: str
    hukou_text: str
    employer: Employer
    entry_on: dt.date
    employment_form: str
    id_number: IdNumber | None = None
    contract_employer_code: str = ""
    post: str = ""
    education: str = ""
    skill: str = ""
    certificate_no: str = ""
    leave_on: dt.date | None = None


def stamp(row: Delivery) -> str:
    """A digest of the row as shown: a form carries it, so that two people do not overwrite each other unseen."""
    shown = (
        row.person_id, row.name, row.hukou_text, row.employer_id, row.entry_on, row.employment_form, row.post,
        row.education, row.skill, row.certificate_no, row.leave_on, row.contract_employer_code,
    )  # fmt: skip
    return hashlib.sha256(repr([str(value) for value in shown]).encode()).hexdigest()[:16]


@transaction.atomic
def add_row(*, roster_list: RosterList, fields: RowFields, consented: bool, by: User) -> Delivery:
    """A new row of an open list, counted at once. Raises Refused for a person already in it with the same employer and
    date, an entry in the future or before 16, or without the declaration of consent."""
    locked = held_for(roster_list, by)
    if locked.station_id is not None:
        raise Refused(AT_STATION)
    if not consented:
        raise Refused("请先确认已告知本人并取得单独同意。", problems=(("请确认告知同意", "#id_consented"),))
    if fields.id_number is None:
        raise Refused("请填写身份证号。", problems=(("请填写身份证号", "#id_id_number"),))
    person = person_of(fields.id_number)
    check(fields, fields.id_number.birth)
    last = Delivery.objects.filter(roster_list=locked).order_by("-seq").values_list("seq", flat=True).first()
    row = Delivery(
        operator_id=locked.operator_id,
        person=person,
        roster_list=locked,
        seq=(last or 0) + 1,
        consent_version=consent.CURRENT,
        consent_at=timezone.now(),
    )
    write(row, fields)
    record(by=by, action="roster.row_add", obj=row, detail={"list": str(locked.pk)})
    _counted(locked, [person.pk])
    return row


@transaction.atomic
def correct_row(
    *,
    delivery: Delivery,
    fields: RowFields,
    by: User,
    shown: str = "",
    allowed_rows: Collection[uuid.UUID] | None = None,
) -> Delivery:
    """The row with other contents; its history keeps the old ones.

    `shown` is the `stamp` of the row when the form was made; `allowed_rows` narrows further what the list leaves open.
    Raises Conflict when somebody was quicker, Refused when the row is closed or its contents cannot stand.
    """
    row = _held_row(delivery, by, allowed_rows)
    if shown and shown != stamp(row):
        raise Conflict("这一行刚刚被修改过，请核对下方的最新内容后再保存。")
    before, old_person = words(row), row.person_id
    if fields.id_number is not None:
        row.person = person_of(fields.id_number)
    check(fields, row.person.birth)
    write(row, fields)
    record(by=by, action="roster.row_correct", obj=row, detail={"before": before, "after": words(row)})
    if row.roster_list is not None:
        _counted(row.roster_list, {old_person, row.person_id})
    return row


@transaction.atomic
def delete_row(*, delivery: Delivery, by: User, allowed_rows: Collection[uuid.UUID] | None = None) -> None:
    """Takes a row out of its list; the history and the journal keep it, with what the centre had settled about it."""
    row = _held_row(delivery, by, allowed_rows)
    settled = [[one.code, one.accepted, one.reason] for one in row.adjudications.all()]
    record(by=by, action="roster.row_delete", obj=row, detail={"before": words(row), "adjudications": settled})
    roster_list, person = row.roster_list, row.person_id
    row.delete()
    if roster_list is not None:
        _counted(roster_list, [person])


def _held_row(delivery: Delivery, by: User, allowed: Collection[uuid.UUID] | None) -> Delivery:
    if delivery.roster_list is None or (allowed is not None and delivery.pk not in allowed):
        raise Refused("这一行不在本次可以更正的范围内。")
    held_for(delivery.roster_list, by, row=delivery.pk)
    row = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery.pk).first()
    if row is None:
        raise Conflict("这一行已被删除，请返回名册。")
    return row


def _counted(roster_list: RosterList, persons: Collection[uuid.UUID]) -> None:
    recount_list(roster_list=roster_list, persons=persons)


def person_of(number: IdNumber) -> Person:
    """The person with this number, known or new."""
    index = blind_index(ID_PURPOSE, number.text)
    found, _ = Person.objects.get_or_create(
        id_index=index,
        defaults={
            "id_number": number.text,
            "last4": number.text[14:],
            "id_province": number.province,
            "sex": number.sex,
            "birth": number.birth,
        },
    )
    return found


def check(fields: RowFields, birth: dt.date) -> None:
    """Raises Refused for an entry in the future or before 16, or a leave before the entry."""
    problems = []
    day = today()
    if fields.entry_on > day:
        problems.append(("入职时间晚于今天；尚未入职的人员请入职后再报。", "#id_entry_on"))
    age_min = policy_on(day).policy.age_min
    if fields.entry_on < add_months(birth, age_min * MONTHS_PER_YEAR):
        problems.append((f"入职时不满 {age_min} 周岁，不得招用。请核对身份证号和入职时间。", "#id_entry_on"))
    if fields.leave_on is not None and fields.leave_on < fields.entry_on:
        problems.append(("离职时间不能早于入职时间。", "#id_leave_on"))
    if problems:
        raise Refused("这一行还不能保存。", problems=tuple(problems))


def write(row: Delivery, fields: RowFields) -> None:
    """The row with these contents, saved. Raises Refused for one that is registered already."""
    row.name, row.hukou_text = fields.name, fields.hukou_text
    row.hukou_province = province_of_text(fields.hukou_text) or ""
    row.employer, row.entry_on, row.employment_form = fields.employer, fields.entry_on, fields.employment_form
    row.contract_employer_code = fields.contract_employer_code
    row.post, row.education, row.skill = fields.post, fields.education, fields.skill
    row.certificate_no, row.leave_on = fields.certificate_no, fields.leave_on
    if row.leave_on is None:
        row.leave_reason = ""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "delivery_once" not in str(error):
            raise
        raise Refused("该人员在该企业的同一入职时间已登记，不重复登记。") from error


def words(row: Delivery) -> dict[str, Any]:
    """The row for the journal: no identity number beyond its last four digits."""
    return {
        "name": row.name,
        "id": row.person.last4,
        "hukou": row.hukou_text,
        "employer": str(row.employer),
        "entry_on": row.entry_on.isoformat(),
        "form": row.employment_form,
        "leave_on": row.leave_on.isoformat() if row.leave_on else None,
    }


def fields_of(row: Delivery) -> dict[str, Any]:
    """The row as the fields of a form that corrects it."""
    kept = asdict(
        RowFields(
            name=row.name,
            hukou_text=row.hukou_text,
            employer=row.employer,
            entry_on=row.entry_on,
            employment_form=row.employment_form,
            contract_employer_code=row.contract_employer_code,
            post=row.post,
            education=row.education,
            skill=row.skill,
            certificate_no=row.certificate_no,
            leave_on=row.leave_on,
        )
    )
    kept.pop("employer"), kept.pop("id_number")
    return {**kept, "employer_name": row.employer.name, "credit_code": row.employer.credit_code}
