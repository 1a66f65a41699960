"""拨付结果: a sheet that came back from finance, applied whole or not at all, and what each of its rows said."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment
from subsidies.payments.enums import LOOKS, Problem, SheetState

from .batches import READERS
from .payments import Payment


class ResultSheetQuerySet(models.QuerySet["ResultSheet"]):
    def visible_to(self, user: User) -> ResultSheetQuerySet:
        """Who sees the batches."""
        return self if user.role in READERS else self.none()


class ResultSheet(models.Model):
    """A result sheet as it was read. Applied once by its content (`sha256`); a refused one changed nothing and keeps
    its list of mismatches. `matched` payments got a result, `repeated` had the same one already."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+", verbose_name="结果表")
    sha256 = models.CharField("SHA-256", max_length=64)
    state = models.CharField("状态", max_length=7, choices=SheetState.choices)
    rows_read = models.PositiveIntegerField("读到的行")
    matched = models.PositiveIntegerField("登记的笔数")
    repeated = models.PositiveIntegerField("早已登记的笔数")
    mismatched = models.PositiveIntegerField("对不上的行")
    missing = models.PositiveIntegerField("表中没有的笔数")
    brought_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="导入人")
    brought_at = models.DateTimeField("导入时间", default=timezone.now)

    objects = ResultSheetQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-brought_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sha256"],
                condition=Q(state=SheetState.APPLIED),
                name="result_sheet_applied_once",
                violation_error_message="这份结果表已经登记。",
            ),
            models.CheckConstraint(
                condition=Q(state=SheetState.APPLIED, mismatched=0) | Q(state=SheetState.REFUSED, matched=0),
                name="result_sheet_whole_or_nothing",
                violation_error_message="有一行对不上，整份结果表都不登记。",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="result_sheet_kept", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"拨付结果表 {self.file.name}"

    def get_absolute_url(self) -> str:
        return reverse("payments:result", args=[self.pk])

    @property
    def look(self) -> str:
        return LOOKS[self.state]


class ResultRow(models.Model):
    """One row of a sheet: what it said, which payment it is about, or why it cannot be taken."""

    id = models.BigAutoField(primary_key=True)
    sheet = models.ForeignKey(ResultSheet, on_delete=models.PROTECT, related_name="rows")
    row = models.PositiveIntegerField("行号")
    batch_no = models.CharField("批次号", max_length=40, blank=True)
    payee = models.CharField("收款单位", max_length=100, blank=True)
    amount = models.CharField("金额", max_length=40, blank=True)  # as it was written: it may be no amount
    said = models.CharField("结果", max_length=20, blank=True)
    voucher_no = models.CharField("凭证号", max_length=40, blank=True)
    on = models.DateField("日期", null=True, blank=True)
    reason = models.CharField("退票原因", max_length=200, blank=True)
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="result_rows", verbose_name="拨付"
    )
    repeats = models.BooleanField("早已登记", default=False)
    problem = models.CharField("对不上的原因", max_length=13, choices=Problem.choices, blank=True)
    words = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["sheet", "row"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sheet", "row"], name="result_row_once", violation_error_message="结果表的行号重复。"
            ),
            models.UniqueConstraint(
                fields=["sheet", "payment"],
                name="result_row_payment_once",
                violation_error_message="一份结果表里，一笔拨付只能有一行结果。",
            ),
            models.CheckConstraint(
                condition=Q(problem="", words="") | (~Q(problem="") & ~Q(words="") & Q(payment__isnull=True)),
                name="result_row_problem_or_payment",
                violation_error_message="对不上的行须写明原因，且不指向任何一笔拨付。",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="result_row_kept", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"第{self.row}行"
