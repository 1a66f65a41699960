"""Every write of an employer by the office: whether it is a 金东 用人主体, and the yearly list of 重点企业."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.errors import Refused
from stations.registry.models import Employer, KeyEmployer


@transaction.atomic
def register(
    *, name: str, credit_code: str, in_district: bool, has_dispatch_licence: bool, reason: str, by: User
) -> Employer:
    """An employer the office comes to know by itself: the payer of an extract, before any roster names it.

    `credit_code` is checked and normalised already. Raises Refused when the code is registered.
    """
    if by.role not in OFFICE_ROLES:
        raise PermissionDenied
    if not reason.strip():
        raise Refused("请写明登记的依据，例如查询结果或证明材料。", problems=(("请写明依据", "#id_reason"),))
    try:
        with transaction.atomic():
            employer = Employer.objects.create(
                name=name,
                credit_code=credit_code,
                in_district=in_district,
                has_dispatch_licence=has_dispatch_licence,
                created_by=by,
            )
    except IntegrityError as error:
        raise Refused("该信用代码的企业已登记，请直接更正。", problems=(("代码已登记", "#id_credit_code"),)) from error
    record(
        by=by,
        action="employer.create",
        obj=employer,
        purpose=reason.strip(),
        detail={"code": credit_code, "in_district": in_district, "dispatch": has_dispatch_licence},
    )
    return employer


@transaction.atomic
def amend(
    *, employer_id: uuid.UUID, name: str, in_district: bool, has_dispatch_licence: bool, reason: str, by: User
) -> Employer:
    """Corrects what the office knows of an employer, with its reason in the journal.

    Whether it is a 金东 用人主体 decides E08, a 劳务派遣 licence raises the alarm of R-06; lists that name it follow
    with their next recount (each night, at 提交 and at 初审).
    """
    if by.role not in OFFICE_ROLES:
        raise PermissionDenied
    if not reason.strip():
        raise Refused("请写明更正的依据，例如查询结果或证明材料。", problems=(("请写明依据", "#id_reason"),))
    employer = Employer.objects.select_for_update(no_key=True).get(pk=employer_id)
    before = {"name": employer.name, "in_district": employer.in_district, "dispatch": employer.has_dispatch_licence}
    employer.name, employer.in_district = name, in_district
    employer.has_dispatch_licence = has_dispatch_licence
    after = {"name": employer.name, "in_district": employer.in_district, "dispatch": employer.has_dispatch_licence}
    if before == after:
        return employer
    employer.save(update_fields=["name", "in_district", "has_dispatch_licence"])
    record(
        by=by, action="employer.amend", obj=employer, purpose=reason.strip(), detail={"before": before, "after": after}
    )
    return employer


@transaction.atomic
def add_key_employer(*, employer_id: uuid.UUID, year: int, by: User) -> KeyEmployer:
    """Puts an employer on the year's list of 区内重点企业, kept by the bureau (第三条（五）); twice is once.

    Raises Refused for one outside 金东: the list is of the district's own.
    """
    if by.role != Role.BUREAU:
        raise PermissionDenied
    employer = Employer.objects.select_for_update(no_key=True).get(pk=employer_id)
    if not employer.in_district:
        raise Refused(f"{employer.name}不是金东区企业，不能列入区内重点企业。")
    row, created = KeyEmployer.objects.get_or_create(employer=employer, year=year, defaults={"added_by": by})
    if created:
        record(by=by, action="key_employer.add", obj=employer, detail={"year": year})
    return row


@transaction.atomic
def remove_key_employer(*, employer_id: uuid.UUID, year: int, by: User) -> None:
    """Takes an employer off the year's list; counts frozen at earlier decisions keep what they rested on."""
    if by.role != Role.BUREAU:
        raise PermissionDenied
    employer = Employer.objects.select_for_update(no_key=True).get(pk=employer_id)
    removed, _ = KeyEmployer.objects.filter(employer=employer, year=year).delete()
    if removed:
        record(by=by, action="key_employer.remove", obj=employer, detail={"year": year})
