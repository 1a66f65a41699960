"""What belongs to one grant: other benefits, later rounds, steps of approval."""

from __future__ import annotations

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
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.review.models import Review
from stations.oversight.models import Revocation
from subsidies.grants.enums import AdjustmentCause

from .grants import Grant, money


class OtherBenefitQuerySet(models.QuerySet["OtherBenefit"]):
    def visible_to(self, user: User) -> OtherBenefitQuerySet:
        """The offices and the auditor; the unit what is set off against its own grants."""
        if user.role in OFFICE_ROLES or user.role in {Role.AUDITOR, Role.FINANCE}:
            return self
        if user.role == Role.OPERATOR:
            return self.filter(grant__payee=user.organisation_id)
        return self.none()


class OtherBenefit(models.Model):
    """其他补助 for the same unit and time (第十四条, R-47). Whether it is the same matter the bureau decides, case by
    case; `same_matter` is empty until then."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="benefits")
    policy = models.CharField("政策名称", max_length=100)
    doc_no = models.CharField("文号", max_length=40, blank=True)
    issued_on = models.DateField("政策发文日期")
    matter = models.CharField("补助事项", max_length=100)
    amount = money("金额")
    paid_on = models.DateField("享受日期")
    proof = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="依据"
    )
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    same_matter = models.BooleanField("属同一事项", null=True, blank=True)
    decision_reason = models.CharField("认定理由", max_length=200, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("认定时间", null=True, blank=True)

    objects = OtherBenefitQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["recorded_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="benefit_amount_positive",
                violation_error_message="其他补助的金额须大于零。",
            ),
            models.CheckConstraint(
                condition=Q(same_matter__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                & Q(decision_reason="")
                | (
                    Q(same_matter__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decision_reason="")
                ),
                name="benefit_decided_whole",
                violation_error_message="是否同一事项的认定须写明理由，并记录认定人和时间。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("recorded_by")),
                name="benefit_two_persons",
                violation_error_message="登记人不能自己认定是否同一事项。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy}（{self.matter}）"


class AdjustmentQuerySet(models.QuerySet["Adjustment"]):
    def visible_to(self, user: User) -> AdjustmentQuerySet:
        """With the grant it belongs to."""
        return self.filter(grant__in=Grant.objects.visible_to(user))


class Adjustment(models.Model):
    """A later round of a grant: why it is decided again and what changed. With `former_review` the round begins a
    review of its own; without, only the standard fell and what is out too much is asked back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="adjustments")
    number = models.PositiveSmallIntegerField("第几次核定")
    cause = models.CharField("缘由", max_length=10, choices=AdjustmentCause.choices)
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    revocation = models.ForeignKey(Revocation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    before = money("原标准金额")
    after = money("新标准金额")
    difference = models.DecimalField("差额", max_digits=12, decimal_places=2)
    reason = models.CharField("说明", max_length=200)
    former_review = models.OneToOneField(
        Review, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="前一次审核"
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["grant", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["grant", "number"],
                name="adjustment_once",
                violation_error_message="这一次核定已经登记。",
            ),
            models.CheckConstraint(
                condition=Q(difference=F("after") - F("before")) & Q(number__gte=2),
                name="adjustment_is_difference",
                violation_error_message="差额等于新标准减原标准，从第二次核定起登记。",
            ),
            models.CheckConstraint(
                condition=~Q(cause=AdjustmentCause.CORRECTION) | Q(sheet__isnull=False),
                name="adjustment_correction_has_sheet",
                violation_error_message="评估结果更正须指明新的评估表。",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.grant}第{self.number}次核定"

    def get_absolute_url(self) -> str:
        return reverse("grants:adjustment", args=[self.pk])


class Approval(models.Model):
    """One step of 审批 as configured (第十三条 “按规定程序审批”), taken once a round (append-only)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="approvals")
    round = models.PositiveSmallIntegerField("第几次核定")
    step = models.PositiveSmallIntegerField("第几步")
    role = models.CharField("角色", max_length=12)
    label = models.CharField("审批环节", max_length=30)
    amount = money("审批金额")
    opinion = models.CharField("意见", max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="审批人")
    at = models.DateTimeField("审批时间", default=timezone.now)
    screened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="初审人")
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="审核人")

    class Meta:
        ordering: ClassVar = ["grant", "round", "step"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["grant", "round", "step"],
                name="approval_step_once",
                violation_error_message="这一步审批已经办理。",
            ),
            models.UniqueConstraint(
                fields=["grant", "round", "by"],
                name="approval_person_once",
                violation_error_message="同一人不能办理两步审批。",
            ),
            models.CheckConstraint(
                condition=~Q(by=F("screened_by")) & ~Q(by=F("reviewed_by")),
                name="approval_other_person",
                violation_error_message="审批人不能是该件的初审人或审核人。",
            ),
            models.CheckConstraint(
                condition=~Q(opinion=""),
                name="approval_has_opinion",
                violation_error_message="审批须写明意见。",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
