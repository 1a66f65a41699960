"""追回: what was paid and has to come back (R-33, G-47)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from assessments.sheets.models import Sheet
from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User
from stations.oversight.models import Revocation
from subsidies.grants.enums import OPEN_RECOVERY, RecoveryCause, RecoveryStage

from .grants import Grant, money

READERS = OFFICE_ROLES | {Role.FINANCE, Role.AUDITOR}
TOLD = (RecoveryStage.NOTIFIED, RecoveryStage.RETURNED)


class RecoveryQuerySet(models.QuerySet["Recovery"]):
    def visible_to(self, user: User) -> RecoveryQuerySet:
        """Offices, finance and the auditor all; the unit its own once it has been told."""
        if user.role in READERS:
            return self
        if user.role == Role.OPERATOR:
            return self.filter(grant__payee=user.organisation_id, notified_on__isnull=False)
        return self.none()

    def open(self) -> RecoveryQuerySet:
        return self.filter(stage__in=OPEN_RECOVERY)


class Recovery(models.Model):
    """One case of 追回: of a paid grant that a decision for 弄虚作假 names, or of what a corrected result left over."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("编号", max_length=30)  # ZH-330703-YYYYMMDD-nnn
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="recoveries")
    cause = models.CharField("缘由", max_length=10, choices=RecoveryCause.choices)
    revocation = models.ForeignKey(
        Revocation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="取消资格决定"
    )
    sheet = models.ForeignKey(
        Sheet, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="更正后的评估表"
    )
    paid = money("已拨金额")  # what was out when the case was opened
    amount = money("追回金额")
    reason = models.CharField("事由", max_length=500)
    basis = models.CharField("依据", max_length=200)
    stage = models.CharField("状态", max_length=8, choices=RecoveryStage.choices, default=RecoveryStage.OPEN)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("立案时间", default=timezone.now)
    notified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    notified_on = models.DateField("通知日期", null=True, blank=True)
    due_on = models.DateField("退回期限", null=True, blank=True)
    returned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    returned_on = models.DateField("退回日期", null=True, blank=True)
    voucher_no = models.CharField("入账凭证号", max_length=40, blank=True)
    dropped_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    dropped_at = models.DateTimeField(null=True, blank=True)
    drop_reason = models.CharField("不予追回的理由", max_length=500, blank=True)

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-opened_at", "id"]
        indexes: ClassVar = [models.Index(fields=["stage", "due_on"], name="recovery_waiting")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number"], name="recovery_number_once", violation_error_message="编号重复，请重新提交。"
            ),
            models.UniqueConstraint(
                fields=["grant", "revocation", "sheet"],
                nulls_distinct=False,
                name="recovery_once",
                violation_error_message="这笔补贴已为同一事由立案追回。",
            ),
            models.UniqueConstraint(
                fields=["grant"],
                condition=Q(stage__in=OPEN_RECOVERY),
                name="recovery_one_open",
                violation_error_message="这笔补贴已有一件追回正在办理。",
            ),
            models.CheckConstraint(
                condition=Q(cause=RecoveryCause.REVOCATION, revocation__isnull=False, sheet__isnull=True)
                | Q(cause=RecoveryCause.CORRECTION, revocation__isnull=True, sheet__isnull=False),
                name="recovery_has_cause",
                violation_error_message="追回须指明取消资格决定或更正后的评估表。",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=F("paid")),
                name="recovery_within_paid",
                violation_error_message="追回金额须大于零，且不超过已拨金额。",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(basis=""),
                name="recovery_says_why",
                violation_error_message="追回须写明事由和依据。",
            ),
            models.CheckConstraint(
                condition=Q(notified_on__isnull=True, notified_by__isnull=True, due_on__isnull=True)
                | Q(notified_on__isnull=False, notified_by__isnull=False, due_on__gt=F("notified_on")),
                name="recovery_notified_whole",
                violation_error_message="追回通知须同时记录经办人、日期和退回期限，期限在通知之后。",
            ),
            models.CheckConstraint(
                condition=(Q(stage__in=TOLD, notified_on__isnull=False))
                | Q(stage=RecoveryStage.OPEN, notified_on__isnull=True)
                | Q(stage=RecoveryStage.DROPPED),
                name="recovery_told_before",
                violation_error_message="发出追回通知之后才能登记退回。",
            ),
            models.CheckConstraint(
                condition=(
                    Q(stage=RecoveryStage.RETURNED, returned_on__isnull=False, returned_by__isnull=False)
                    & ~Q(voucher_no="")
                )
                | (
                    ~Q(stage=RecoveryStage.RETURNED)
                    & Q(returned_on__isnull=True, returned_by__isnull=True, voucher_no="")
                ),
                name="recovery_returned_whole",
                violation_error_message="退回须同时记录日期、入账凭证号和经办人。",
            ),
            models.CheckConstraint(
                condition=(
                    Q(stage=RecoveryStage.DROPPED, dropped_at__isnull=False, dropped_by__isnull=False)
                    & ~Q(drop_reason="")
                )
                | (
                    ~Q(stage=RecoveryStage.DROPPED)
                    & Q(dropped_at__isnull=True, dropped_by__isnull=True, drop_reason="")
                ),
                name="recovery_dropped_whole",
                violation_error_message="不予追回须写明理由，并记录经办人和时间。",
            ),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"追回{self.grant}"

    def get_absolute_url(self) -> str:
        return reverse("grants:recovery", args=[self.pk])

    def late_by(self, day: dt.date) -> int:
        """Days past the day it was to come back; 0 while there is time or nothing is owed."""
        if self.stage != RecoveryStage.NOTIFIED or self.due_on is None:
            return 0
        return max((day - self.due_on).days, 0)
