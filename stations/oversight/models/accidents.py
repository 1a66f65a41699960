"""安全责任事故 (附件3 A4, R-64; 第八条（五）): what happened, who is responsible, on what basis, how grave."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment
from stations.oversight.enums import AccidentBasis, AccidentGrade, AccidentState
from stations.registry.models import Employer, Station


class AccidentQuerySet(models.QuerySet["Accident"]):
    def visible_to(self, user: User) -> AccidentQuerySet:
        """Offices and the auditor all; a station's unit its own."""
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            return self
        if user.role == Role.OPERATOR:
            return self.filter(station__operator=user.organisation_id)
        return self.none()

    def counting(self, start: dt.date, end: dt.date) -> AccidentQuerySet:
        """Those that happened within these days while labour was delivered, and the station is found responsible."""
        return self.filter(
            state=AccidentState.DECIDED, responsible=True, during_delivery=True, happened_on__range=(start, end)
        )


class Accident(models.Model):
    """One accident; only a responsibility found by document counts, a mere work injury does not (R-64)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("事故编号", max_length=30)  # SG-330703-YYYYMMDD-nnn
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="accidents")
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="用工企业"
    )
    happened_on = models.DateField("发生日期")
    place = models.CharField("发生地点", max_length=200)
    during_delivery = models.BooleanField("输送劳动力过程中发生", default=True)
    description = models.TextField("事故经过", max_length=2000)
    deaths = models.PositiveIntegerField("死亡（人）", default=0)
    serious_injuries = models.PositiveIntegerField("重伤（人）", default=0)
    loss_yuan = models.PositiveIntegerField("直接经济损失（元）", default=0)
    state = models.CharField("状态", max_length=10, choices=AccidentState.choices, default=AccidentState.REGISTERED)
    responsible = models.BooleanField("站点负有责任", null=True, blank=True)
    grade = models.CharField("事故等级", max_length=8, choices=AccidentGrade.choices, blank=True)
    basis = models.CharField("认定主体", max_length=9, choices=AccidentBasis.choices, blank=True)
    basis_file = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="认定依据"
    )
    basis_note = models.CharField("认定文书或理由", max_length=500, blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField("提出时间", null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("认定时间", null=True, blank=True)
    returned_note = models.CharField("退回意见", max_length=300, blank=True)
    bureau_major_finding = models.BooleanField("局认定重大安全责任事故", null=True, blank=True)
    bureau_note = models.CharField("局认定理由", max_length=500, blank=True)
    bureau_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    bureau_at = models.DateTimeField("局认定时间", null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = AccidentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-happened_on", "-created_at", "id"]
        indexes: ClassVar = [models.Index(fields=["station", "happened_on"], name="accident_of_station")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number"], name="accident_number_once", violation_error_message="事故编号重复，请重新提交。"
            ),
            models.CheckConstraint(
                condition=Q(
                    state=AccidentState.REGISTERED,
                    responsible__isnull=True,
                    basis_file__isnull=True,
                    basis="",
                    proposed_by__isnull=True,
                    proposed_at__isnull=True,
                )
                | ~Q(state=AccidentState.REGISTERED)
                & Q(
                    responsible__isnull=False,
                    basis_file__isnull=False,
                    proposed_by__isnull=False,
                    proposed_at__isnull=False,
                )
                & ~Q(basis="")
                & ~Q(basis_note="")
                & ~Q(grade=""),
                name="accident_finding_has_basis",
                violation_error_message="责任认定须同时写明结果、等级、认定主体和依据，并附依据文件。",
            ),
            models.CheckConstraint(
                condition=Q(state=AccidentState.DECIDED, decided_by__isnull=False, decided_at__isnull=False)
                | ~Q(state=AccidentState.DECIDED) & Q(decided_by__isnull=True, decided_at__isnull=True),
                name="accident_decided_whole",
                violation_error_message="已认定的事故须同时记录认定人和时间。",
            ),
            models.CheckConstraint(
                condition=~Q(basis=AccidentBasis.CENTRE) | Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="accident_found_by_two",
                violation_error_message="区就业服务中心的责任认定须由另一位工作人员复核。",
            ),
            models.CheckConstraint(
                condition=Q(bureau_major_finding__isnull=True, bureau_by__isnull=True, bureau_at__isnull=True)
                | Q(
                    bureau_major_finding__isnull=False,
                    bureau_by__isnull=False,
                    bureau_at__isnull=False,
                    responsible=True,
                    state=AccidentState.DECIDED,
                )
                & ~Q(bureau_note=""),
                name="accident_major_found_whole",
                violation_error_message="局对重大安全责任事故的认定须在站点责任认定之后，并写明理由。",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("oversight:accident", args=[self.pk])
