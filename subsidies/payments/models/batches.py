"""批次: the grants frozen under one number, their sum, and the papers that went out (R-46)."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment
from subsidies.payments.enums import LOOKS, OPEN_BATCH, BatchState

from .sums import SUM, sum_holds

READERS = OFFICE_ROLES | {Role.FINANCE, Role.AUDITOR}
_ISSUED = (BatchState.ISSUED, BatchState.CLOSED)


_PAPERS_CHANGED = (
    "OLD.issued_on IS NOT NULL AND (OLD.payment_sheet_id, OLD.approval_sheet_id, OLD.issued_on)"
    " IS DISTINCT FROM (NEW.payment_sheet_id, NEW.approval_sheet_id, NEW.issued_on)"
)


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, user: User) -> BatchQuerySet:
        """Finance, the offices and the auditor; a unit reads of its money on the grant's own page."""
        return self if user.role in READERS else self.none()

    def open(self) -> BatchQuerySet:
        return self.filter(state__in=OPEN_BATCH)


class Batch(models.Model):
    """一批拨付: its grants, amounts and accounts as they were frozen when it was made. Its number is given once and
    kept when the batch is cancelled; both papers are made once, and again only where a grant was taken out."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("批次号", max_length=30)
    year = models.PositiveSmallIntegerField("年份")
    serial = models.PositiveIntegerField("序号")
    state = models.CharField("状态", max_length=9, choices=BatchState.choices, default=BatchState.PREPARED)
    lines = models.PositiveIntegerField("笔数")
    total = models.DecimalField("合计金额", max_digits=14, decimal_places=2)
    remark = models.CharField("备注", max_length=200, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="经办人")
    made_on = models.DateField("成批日期")
    made_at = models.DateTimeField(default=timezone.now)
    payment_sheet = models.OneToOneField(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="拨付表"
    )
    approval_sheet = models.OneToOneField(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审批表"
    )
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    issued_on = models.DateField("拨付表日期", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField("撤销时间", null=True, blank=True)
    cancel_reason = models.CharField("撤销理由", max_length=200, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-year", "-serial"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number"], name="payment_batch_number_once", violation_error_message="该批次号已经使用。"
            ),
            models.UniqueConstraint(
                fields=["year", "serial"],
                name="payment_batch_serial_once",
                violation_error_message="该年度的批次序号已经使用。",
            ),
            models.CheckConstraint(
                condition=Q(lines__gte=1, total__gt=0),
                name="payment_batch_not_empty",
                violation_error_message="批次须至少有一笔补贴。",
            ),
            models.CheckConstraint(
                condition=Q(
                    payment_sheet__isnull=True,
                    approval_sheet__isnull=True,
                    issued_by__isnull=True,
                    issued_on__isnull=True,
                )
                | Q(
                    payment_sheet__isnull=False,
                    approval_sheet__isnull=False,
                    issued_by__isnull=False,
                    issued_on__gte=F("made_on"),
                ),
                name="payment_batch_papers_together",
                violation_error_message="审批表和拨付表须一并生成，并记录经办人和日期。",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=_ISSUED) & Q(issued_on__isnull=False))
                | Q(state=BatchState.PREPARED, issued_on__isnull=True)
                | Q(state=BatchState.CANCELLED),
                name="payment_batch_issued_whole",
                violation_error_message="批次的状态与拨付表不一致。",
            ),
            models.CheckConstraint(
                condition=Q(state=BatchState.CLOSED, closed_on__isnull=False)
                | (~Q(state=BatchState.CLOSED) & Q(closed_on__isnull=True)),
                name="payment_batch_closed_whole",
                violation_error_message="批次办结须记录日期。",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=BatchState.CANCELLED, cancelled_by__isnull=False, cancelled_at__isnull=False)
                    & ~Q(cancel_reason="")
                )
                | (
                    ~Q(state=BatchState.CANCELLED)
                    & Q(cancelled_by__isnull=True, cancelled_at__isnull=True, cancel_reason="")
                ),
                name="payment_batch_cancelled_whole",
                violation_error_message="撤销批次须写明理由，并记录经办人和时间。",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="payment_batch_states",
                field="state",
                transitions=[
                    (BatchState.PREPARED, BatchState.ISSUED),
                    (BatchState.PREPARED, BatchState.CANCELLED),
                    (BatchState.ISSUED, BatchState.PREPARED),  # one was taken out: its papers are made anew
                    (BatchState.ISSUED, BatchState.CLOSED),
                    (BatchState.ISSUED, BatchState.CANCELLED),
                ],
            ),
            pgtrigger.Protect(
                name="payment_batch_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("number", "year", "serial", "made_by", "made_on"),
            ),
            # Papers that went out give way only when they are kept among the former ones.
            pgtrigger.Trigger(
                name="payment_batch_papers_kept",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(f"({_PAPERS_CHANGED})"),
                func=(
                    "IF NOT EXISTS (SELECT 1 FROM subsidies_formerpapers f WHERE f.batch_id = OLD.id"
                    " AND f.payment_sheet_id = OLD.payment_sheet_id AND f.approval_sheet_id = OLD.approval_sheet_id)"
                    " THEN RAISE EXCEPTION 'papers that went out are kept' USING ERRCODE = '23514'; END IF; RETURN NEW;"
                ),
            ),
            pgtrigger.Protect(name="payment_batch_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="payment_batch_is_its_sum",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                declare=SUM,
                func=sum_holds("NEW.id"),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("payments:batch", args=[self.pk])

    @property
    def look(self) -> str:
        return LOOKS[self.state]

    @property
    def is_issued(self) -> bool:
        return self.issued_on is not None
