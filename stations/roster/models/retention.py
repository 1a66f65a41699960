"""留用名册: whether a person delivered is still kept six months after entry, counted once (第六条（四）7; R-27)."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment
from stations.registry.models import Employer
from stations.roster.enums import RetentionResult, RetentionSource

from .deliveries import Delivery


class RetentionCheckQuerySet(models.QuerySet["RetentionCheck"]):
    def visible_to(self, user: User) -> RetentionCheckQuerySet:
        """An operator the checks of its own deliveries; offices and the auditor all."""
        if user.role == Role.OPERATOR:
            return self.filter(delivery__operator=user.organisation_id)
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            return self
        return self.none()

    def open(self) -> RetentionCheckQuerySet:
        """Not answered yet."""
        return self.filter(result="")


class RetentionCheck(models.Model):
    """留用统计: one result per delivery. `result` is what the station found, and stays as it is; `si_month_ok` is what
    the insurance says of the month of `check_on` (None while nobody has looked it up), and follows the data.

    Retained in the ratio is who has both (`rules.is_retained`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="retention")
    check_on = models.DateField("应统计日")
    due_on = models.DateField("办理截止日")
    opened_at = models.DateTimeField("开始统计时间", default=timezone.now)
    reminded_at = models.DateTimeField("提醒时间", null=True, blank=True)
    result = models.CharField("统计结果", max_length=10, choices=RetentionResult.choices, blank=True)
    employer_on_check = models.ForeignKey(
        Employer, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="应统计日所在企业"
    )
    note = models.CharField("说明", max_length=200, blank=True)
    si_month_ok = models.BooleanField("该月由企业缴纳社会保险", null=True, blank=True)
    proof = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField("来源", max_length=8, choices=RetentionSource.choices, blank=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField("统计时间", null=True, blank=True)
    locked = models.BooleanField("已锁定", default=False)
    revision = models.PositiveSmallIntegerField("更正次数", default=0)

    objects = RetentionCheckQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_on", "check_on", "id"]
        indexes: ClassVar = [models.Index(fields=["due_on"], condition=Q(result=""), name="retention_open")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("check_on")),
                name="retention_due_after_check",
                violation_error_message="办理截止日不能早于应统计日。",
            ),
            models.CheckConstraint(
                condition=Q(result="", locked=False, source="", checked_by__isnull=True, checked_at__isnull=True)
                | (~Q(result="") & ~Q(source="") & Q(locked=True, checked_by__isnull=False, checked_at__isnull=False)),
                name="retention_answer_whole",
                violation_error_message="统计结果须同时记录统计人和时间，并随即锁定。",
            ),
            models.CheckConstraint(
                condition=~Q(result=RetentionResult.RETAINED) | Q(employer_on_check__isnull=False),
                name="retention_kept_somewhere",
                violation_error_message="留用的须写明应统计日所在企业。",
            ),
            models.CheckConstraint(
                condition=Q(revision=0) | Q(source=RetentionSource.CENTRE),
                name="retention_corrected_by_centre",
                violation_error_message="更正过的结果以中心更正为来源。",
            ),
        ]
        triggers: ClassVar = [
            # Answered once; afterwards only together with the correction that keeps what stood there.
            pgtrigger.Trigger(
                name="locked_answer",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__locked=True),
                func=(
                    "IF (NEW.result, NEW.employer_on_check_id, NEW.check_on, NEW.delivery_id, NEW.source, NEW.locked,"
                    " NEW.checked_by_id, NEW.checked_at, NEW.revision) IS DISTINCT FROM"
                    " (OLD.result, OLD.employer_on_check_id, OLD.check_on, OLD.delivery_id, OLD.source, OLD.locked,"
                    " OLD.checked_by_id, OLD.checked_at, OLD.revision)"
                    " AND (NEW.revision <> OLD.revision + 1 OR NOT EXISTS (SELECT 1 FROM stations_retentioncorrection c"
                    " WHERE c.retention_id = OLD.id AND c.number = NEW.revision AND c.before_result = OLD.result"
                    " AND c.after_result = NEW.result)) THEN"
                    " RAISE EXCEPTION 'a retention result is counted once' USING ERRCODE = '23514'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"留用统计 {self.check_on}"


class RetentionCorrection(models.Model):
    """更正: what a locked result was before the centre corrected it, and why. Append-only."""

    id = models.BigAutoField(primary_key=True)
    retention = models.ForeignKey(RetentionCheck, on_delete=models.PROTECT, related_name="corrections", db_index=False)
    number = models.PositiveSmallIntegerField("第几次更正")
    before_result = models.CharField("原结果", max_length=10, choices=RetentionResult.choices)
    before_employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    after_result = models.CharField("更正为", max_length=10, choices=RetentionResult.choices)
    after_employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("更正理由", max_length=200)
    proof = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["retention", "number"],
                name="retention_correction_once",
                violation_error_message="该次更正已登记，请刷新后查看。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="retention_correction_has_reason",
                violation_error_message="请写明更正理由。",
            ),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_before_result_display()}→{self.get_after_result_display()}"
