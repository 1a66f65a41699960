"""劳动合同 and skill certificates of delivered workers: what the operator enters, what the centre found."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment
from stations.roster.enums import SKILL_LEVELS, TITLE_LEVELS, CertificateResult, ContractKind, SkillKind, SkillLevel

from .deliveries import Delivery, seen_by


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, user: User) -> ContractQuerySet:
        """Whoever may see the delivery."""
        return self.filter(seen_by(user, "delivery__"))

    def live(self) -> ContractQuerySet:
        """Without what was struck out again."""
        return self.filter(voided_at__isnull=True)


class SkillCertificateQuerySet(models.QuerySet["SkillCertificate"]):
    def visible_to(self, user: User, *, of_stations: bool = False) -> SkillCertificateQuerySet:
        """Whoever may see the delivery; `of_stations` leaves out what an application's list has. Of stations an office
        sees all, and none of the lists has to be looked at for it."""
        if not of_stations:
            return self.filter(seen_by(user, "delivery__"))
        found = self.filter(delivery__station__isnull=False)
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            return found
        return found.filter(seen_by(user, "delivery__"))

    def live(self) -> SkillCertificateQuerySet:
        """Without what was struck out again."""
        return self.filter(voided_at__isnull=True)

    def unchecked(self) -> SkillCertificateQuerySet:
        """Those of stations that the centre has not looked up yet."""
        return self.live().filter(delivery__station__isnull=False, result=CertificateResult.PENDING)


def _voided_whole(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(voided_at__isnull=True, voided_by__isnull=True, void_reason="")
        | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
        name=name,
        violation_error_message="作废须同时写明时间、经办人和原因。",
    )


class Contract(models.Model):
    """省外务工人员劳动合同 (第二条、第六条（四）6; R-08, R-26): of one delivery, on file or by its place on paper."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="contracts")
    signed_on = models.DateField("签订日期")
    starts_on = models.DateField("合同起始日期")
    ends_on = models.DateField("合同终止日期", null=True, blank=True)
    kind = models.CharField("合同期限", max_length=5, choices=ContractKind.choices)
    file = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="合同扫描件"
    )
    paper_reference = models.CharField("纸质合同存放处", max_length=80, blank=True)  # 册号、位置、页码
    paper_seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    paper_seen_on = models.DateField("已见纸质日期", null=True, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("登记时间", default=timezone.now)
    voided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["signed_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["delivery", "starts_on"],
                condition=Q(voided_at__isnull=True),
                name="contract_once",
                violation_error_message="该人员同一起始日期的合同已登记。",
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=False) | ~Q(paper_reference=""),
                name="contract_file_or_paper",
                violation_error_message="请上传合同扫描件，或写明纸质合同存放处。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="contract_ends_after_start",
                violation_error_message="合同终止日期不能早于起始日期。",
            ),
            models.CheckConstraint(
                condition=Q(kind=ContractKind.TASK)
                | Q(kind=ContractKind.FIXED, ends_on__isnull=False)
                | Q(kind=ContractKind.OPEN, ends_on__isnull=True),
                name="contract_kind_fits_end",
                violation_error_message="固定期限合同须有终止日期，无固定期限合同没有终止日期。",
            ),
            models.CheckConstraint(
                condition=Q(paper_seen_on__isnull=True, paper_seen_by__isnull=True)
                | Q(paper_seen_on__isnull=False, paper_seen_by__isnull=False),
                name="contract_paper_seen_whole",
                violation_error_message="已见纸质须同时有日期和核验人。",
            ),
            _voided_whole("contract_voided_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}合同"


class SkillCertificate(models.Model):
    """职业技能等级、职业资格、专业技术职称: entered by the operator, looked up by the centre (附件3 C4; R-66)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="certificates")
    kind = models.CharField("证书类别", max_length=13, choices=SkillKind.choices)
    level = models.CharField("等级", max_length=4, choices=SkillLevel.choices)
    number = models.CharField("证书编号", max_length=40)
    file = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="证书扫描件"
    )
    result = models.CharField(
        "核验结果", max_length=8, choices=CertificateResult.choices, default=CertificateResult.PENDING
    )
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checked_on = models.DateField("核验日期", null=True, blank=True)
    check_note = models.CharField("核验说明", max_length=200, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("登记时间", default=timezone.now)
    voided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)

    objects = SkillCertificateQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["added_at", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["added_at"],
                condition=Q(result=CertificateResult.PENDING, voided_at__isnull=True),
                name="certificate_to_check",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["delivery", "kind", "number"],
                condition=Q(voided_at__isnull=True),
                name="certificate_once",
                violation_error_message="该证书已登记。",
            ),
            models.CheckConstraint(
                condition=Q(kind=SkillKind.TITLE, level__in=TITLE_LEVELS)
                | (~Q(kind=SkillKind.TITLE) & Q(level__in=SKILL_LEVELS)),
                name="certificate_level_fits_kind",
                violation_error_message="职称按初级至正高级填写，职业技能等级和职业资格按五级至一级填写。",
            ),
            models.CheckConstraint(
                condition=Q(result=CertificateResult.PENDING, checked_by__isnull=True, checked_on__isnull=True)
                | (~Q(result=CertificateResult.PENDING) & Q(checked_by__isnull=False, checked_on__isnull=False)),
                name="certificate_checked_whole",
                violation_error_message="核验结果须同时有核验日期和核验人。",
            ),
            models.CheckConstraint(
                condition=~Q(result=CertificateResult.UNFOUND) | ~Q(check_note=""),
                name="certificate_unfound_has_note",
                violation_error_message="查无此证的须写明核验情况。",
            ),
            _voided_whole("certificate_voided_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}{self.get_level_display()}"
