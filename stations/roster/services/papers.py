"""Contracts and skill certificates of a station's workers: entered, struck out, looked up by the centre."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.services import send
from stations.roster.enums import SKILL_LEVELS, TITLE_LEVELS, CertificateResult, SkillKind
from stations.roster.models import Contract, Delivery, SkillCertificate
from stations.roster.queries.access import may_keep
from stations.roster.yearly import contract_problems

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User
    from jinhua_labor.attachments.models import Attachment
    from jinhua_labor.attachments.services import Upload


@transaction.atomic
def add_contract(
    *,
    delivery: Delivery,
    kind: str,
    signed_on: dt.date,
    starts_on: dt.date,
    ends_on: dt.date | None,
    by: User,
    file: Upload | None = None,
    paper_reference: str = "",
) -> Contract:
    """A labour contract of a row of the station's roster (R-26), with its scan or the place of the paper.

    Raises Refused for what does not fit, for one that is entered already, and where neither scan nor paper is named.
    """
    row = _held(delivery, by)
    problems = [
        (message, f"#id_{field}")
        for field, message in contract_problems(
            kind=kind, signed_on=signed_on, starts_on=starts_on, ends_on=ends_on, today=today()
        )
    ]
    if file is None and not paper_reference.strip():
        problems.append(("请上传合同扫描件，或写明纸质合同存放处。", "#id_file"))
    if row.contracts.live().filter(starts_on=starts_on).exists():
        problems.append(("该人员同一起始日期的合同已登记。", "#id_starts_on"))
    if problems:
        raise Refused("合同还不能登记。", problems=tuple(problems))
    contract = Contract.objects.create(
        delivery=row,
        kind=kind,
        signed_on=signed_on,
        starts_on=starts_on,
        ends_on=ends_on,
        file=_stored(file, row, by, "contract"),
        paper_reference=paper_reference.strip(),
        added_by=by,
    )
    record(by=by, action="roster.contract_add", obj=contract, detail={"row": str(row.pk), "signed_on": signed_on})
    return contract


@transaction.atomic
def void_contract(*, contract: Contract, reason: str, by: User) -> Contract:
    """Strikes out a contract that was entered wrongly; it stays on record. Twice is once."""
    _held(contract.delivery, by)
    found = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    return _void(found, reason, by)  # type: ignore[return-value]


@transaction.atomic
def add_certificate(
    *, delivery: Delivery, kind: str, level: str, number: str, by: User, file: Upload | None = None
) -> SkillCertificate:
    """A skill certificate of a worker, to be looked up by the centre (R-66).

    Raises Refused for a level that is none of its kind, and for a certificate that is entered already.
    """
    row = _held(delivery, by)
    number = "".join(number.split()).upper()
    problems = []
    if level not in (TITLE_LEVELS if kind == SkillKind.TITLE else SKILL_LEVELS):
        problems.append(("职称按初级至正高级选择，职业技能等级和职业资格按五级至一级选择。", "#id_level"))
    if not number:
        problems.append(("请填写证书编号。", "#id_number"))
    if row.certificates.live().filter(kind=kind, number=number).exists():
        problems.append(("该证书已登记。", "#id_number"))
    if problems:
        raise Refused("证书还不能登记。", problems=tuple(problems))
    certificate = SkillCertificate.objects.create(
        delivery=row,
        kind=kind,
        level=level,
        number=number,
        file=_stored(file, row, by, "certificate"),
        added_by=by,
    )
    record(by=by, action="roster.certificate_add", obj=certificate, detail={"row": str(row.pk), "level": level})
    return certificate


@transaction.atomic
def check_certificate(
    *, certificate: SkillCertificate, result: str, checked_on: dt.date, by: User, note: str = ""
) -> SkillCertificate:
    """核验: the centre looked the number up on that day. A later look-up replaces an earlier one; the journal has both.

    Raises Refused for a day to come, for a certificate struck out, and for 查无此证 without what was found.
    """
    if by.role != Role.CENTRE:
        raise PermissionDenied
    found = SkillCertificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    if found.voided_at is not None:
        raise Conflict("该证书已作废，不再核验。请刷新页面。")
    problems = []
    if result not in (CertificateResult.VERIFIED, CertificateResult.UNFOUND):
        problems.append(("请选择核验结果。", "#id_result"))
    if checked_on > today():
        problems.append(("核验日期不能晚于今天。", "#id_checked_on"))
    if result == CertificateResult.UNFOUND and not note.strip():
        problems.append(("查无此证的，请写明核验情况。", "#id_check_note"))
    if problems:
        raise Refused("核验还不能保存。", problems=tuple(problems))
    before = [found.result, found.checked_on]
    if (found.result, found.checked_on, found.check_note) == (result, checked_on, note.strip()):
        return found
    found.result, found.checked_on, found.checked_by, found.check_note = result, checked_on, by, note.strip()[:200]
    found.save(update_fields=["result", "checked_on", "checked_by", "check_note"])
    record(
        by=by,
        action="roster.certificate_check",
        obj=found,
        detail={"row": str(found.delivery_id), "before": before, "after": [result, checked_on]},
    )
    if result == CertificateResult.UNFOUND and found.delivery.station is not None:
        send(
            subject=f"证书核验未通过：{found.delivery.name}",
            body=f"{found}：{found.check_note}。登记有误的请作废后重新登记。",
            link=found.delivery.get_absolute_url(),
            to_organisation=found.delivery.station.operator,
        )
    return found


@transaction.atomic
def void_certificate(*, certificate: SkillCertificate, reason: str, by: User) -> SkillCertificate:
    """Strikes out a certificate that was entered wrongly; it stays on record. Twice is once."""
    _held(certificate.delivery, by)
    found = SkillCertificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    return _void(found, reason, by)  # type: ignore[return-value]


def _held(delivery: Delivery, by: User) -> Delivery:
    """The row, locked; only a row of a station has contracts and certificates, kept by its operator and the centre."""
    row = Delivery.objects.select_for_update(of=("self",)).select_related("station__operator").filter(pk=delivery.pk)
    found = row.first()
    if found is None:
        raise Conflict("这一行已被删除，请返回名册。")
    if found.station is None:
        raise Refused("工作站设立后，在工作站名册中登记合同和证书。")
    if not may_keep(found.station, by):
        raise PermissionDenied
    return found


def _stored(file: Upload | None, row: Delivery, by: User, kind: str) -> Attachment | None:
    if file is None:
        return None
    assert row.station is not None
    return attachments.store(
        file, by=by, organisation=row.station.operator, audience=Audience.PARTY_AND_OFFICE, secret=True, kind=kind
    )


def _void(found: Contract | SkillCertificate, reason: str, by: User) -> Contract | SkillCertificate:
    if found.voided_at is not None:
        return found
    if not reason.strip():
        raise Refused("请写明作废原因。", problems=(("请写明作废原因", "#id_void_reason"),))
    found.voided_at, found.voided_by, found.void_reason = timezone.now(), by, reason.strip()[:200]
    found.save(update_fields=["voided_at", "voided_by", "void_reason"])
    record(by=by, action=f"roster.{found._meta.model_name}_void", obj=found, detail={"reason": found.void_reason})
    return found
