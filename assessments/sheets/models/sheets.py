"""附件3 as it was scored: one round of one year, frozen when the bureau confirms it (R-28 … R-31, R-50, R-70)."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from assessments.sheets.enums import HIDDEN_FROM_STATION, Cause, Outcome
from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User
from jinhua_labor.notices.models import Notice
from jinhua_labor.review.models import Review
from stations.roster.enums import CountStatus
from stations.roster.models import Delivery

from .assessments import Assessment

_KEPT = (
    "facts", "snapshot", "sha256", "total", "vetoed", "veto_reason", "outcome", "counted", "skilled", "matured",
    "retained", "confirmed_at",
)  # fmt: skip
_CHANGED = (
    f"OLD.confirmed_at IS NOT NULL AND ({', '.join(f'OLD.{name}' for name in _KEPT)})"
    f" IS DISTINCT FROM ({', '.join(f'NEW.{name}' for name in _KEPT)})"
)


class SheetQuerySet(models.QuerySet["Sheet"]):
    def visible_to(self, user: User) -> SheetQuerySet:
        """Offices and the auditor all; the unit a sheet once a second person of the centre has checked it."""
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            return self
        if user.role == Role.OPERATOR:
            shown = self.filter(assessment__operator=user.organisation_id, checked_at__isnull=False)
            return shown.exclude(assessment__stage__in=HIDDEN_FROM_STATION, confirmed_at__isnull=True)
        return self.none()


class Sheet(models.Model):
    """One 附件3 of one year. The first has round 1; an objection upheld or a correction begins the next one, and the
    earlier ones stay as they were.

    Facts are gathered while it is scored and kept when the scorer hands it on; what the bureau confirmed is frozen with
    a hash and can be rebuilt from `snapshot` alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="sheets")
    round = models.PositiveSmallIntegerField("第几次评分", default=1)
    cause = models.CharField("缘由", max_length=10, choices=Cause.choices, default=Cause.FIRST)
    reason = models.CharField("重新评分的理由", max_length=500, blank=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    review = models.OneToOneField(
        Review, on_delete=models.PROTECT, null=True, blank=True, related_name="sheet", verbose_name="两级审核"
    )
    facts = models.JSONField("计分事实", default=dict, blank=True)

    # 复核与反馈
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField("复核时间", null=True, blank=True)
    feedback_until = models.DateField("反馈截止日", null=True, blank=True)
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField("站点无意见的时间", null=True, blank=True)

    # 局确认：此后不再变动
    total = models.DecimalField("总分", max_digits=5, decimal_places=2, null=True, blank=True)
    vetoed = models.BooleanField("一票否决", null=True, blank=True)
    veto_reason = models.CharField("否决原因", max_length=200, blank=True)
    outcome = models.CharField("结果", max_length=6, choices=Outcome.choices, blank=True)
    counted = models.PositiveIntegerField("输送人数", null=True, blank=True)
    skilled = models.PositiveIntegerField("技术技能人才", null=True, blank=True)
    matured = models.PositiveIntegerField("满六个月人数", null=True, blank=True)
    retained = models.PositiveIntegerField("留用人数", null=True, blank=True)
    snapshot = models.JSONField("快照", null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField("局确认时间", null=True, blank=True)

    notice = models.ForeignKey(
        Notice, on_delete=models.PROTECT, null=True, blank=True, related_name="sheets", verbose_name="公示"
    )
    final_on = models.DateField("结果确定日", null=True, blank=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["assessment", "round"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "round"],
                name="sheet_round_once",
                violation_error_message="该年度已有这一次评分。",
            ),
            models.CheckConstraint(
                condition=Q(cause=Cause.FIRST, round=1, reason="") | (~Q(cause=Cause.FIRST) & ~Q(reason="")),
                name="sheet_again_has_reason",
                violation_error_message="重新评分须写明理由。",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True, feedback_until__isnull=True)
                | Q(
                    checked_at__isnull=False,
                    checked_by__isnull=False,
                    feedback_until__isnull=False,
                    review__isnull=False,
                ),
                name="sheet_checked_whole",
                violation_error_message="复核须同时记录复核人、时间和反馈截止日。",
            ),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True, agreed_by__isnull=True)
                | Q(agreed_at__isnull=False, agreed_by__isnull=False, checked_at__isnull=False),
                name="sheet_agreed_whole",
                violation_error_message="站点对评分无意见，须在复核之后记录经办人和时间。",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        confirmed_at__isnull=False,
                        total__isnull=False,
                        vetoed__isnull=False,
                        counted__isnull=False,
                        skilled__isnull=False,
                        matured__isnull=False,
                        retained__isnull=False,
                        snapshot__isnull=False,
                        checked_at__isnull=False,
                    )
                    & ~Q(outcome="")
                    & ~Q(sha256="")
                )
                | Q(
                    confirmed_at__isnull=True,
                    total__isnull=True,
                    vetoed__isnull=True,
                    counted__isnull=True,
                    skilled__isnull=True,
                    matured__isnull=True,
                    retained__isnull=True,
                    snapshot__isnull=True,
                    outcome="",
                    sha256="",
                ),
                name="sheet_confirmed_whole",
                violation_error_message="局确认须同时记录总分、结果、人数和快照。",
            ),
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(total__gte=0, total__lte=100),
                name="sheet_total_within",
                violation_error_message="总分应在0至100分之间。",
            ),
            models.CheckConstraint(
                condition=Q(vetoed__isnull=True)
                | (Q(vetoed=True, outcome=Outcome.FAILED) & ~Q(veto_reason=""))
                | Q(vetoed=False, veto_reason=""),
                name="sheet_veto_fails",
                violation_error_message="一票否决的年度为不合格，并须写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(counted__isnull=True) | Q(skilled__lte=F("counted"), retained__lte=F("matured")),
                name="sheet_counts_within",
                violation_error_message="技术技能人才不多于输送人数，留用人数不多于满六个月人数。",
            ),
            models.CheckConstraint(
                condition=Q(notice__isnull=True) | Q(confirmed_at__isnull=False),
                name="sheet_published_confirmed",
                violation_error_message="局确认之后才能公示。",
            ),
            models.CheckConstraint(
                condition=Q(final_on__isnull=True) | Q(notice__isnull=False),
                name="sheet_final_published",
                violation_error_message="公示期满之后结果才确定。",
            ),
        ]
        triggers: ClassVar = [
            # What the bureau confirmed is what is published, paid and defended.
            pgtrigger.Protect(
                name="confirmed_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(_CHANGED),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}（第{self.round}次评分）"

    def get_absolute_url(self) -> str:
        return reverse("assessments:sheet", args=[self.pk])

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


class SheetPerson(models.Model):
    """One delivery of the year as it was counted for a confirmed sheet: no name, no number."""

    id = models.BigAutoField(primary_key=True)
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="people")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="+")
    status = models.CharField("计入状态", max_length=8, choices=CountStatus.choices)
    codes = ArrayField(models.CharField(max_length=3), default=list, blank=True, verbose_name="原因")
    matured = models.BooleanField("已满六个月")
    retained = models.BooleanField("留用")
    contract = models.BooleanField("已签合同")
    skilled = models.BooleanField("技术技能人才")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sheet", "delivery"],
                name="sheet_person_once",
                violation_error_message="同一人在一张评估表中只列一次。",
            ),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete)]
