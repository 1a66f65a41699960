"""年度评估 of one station for one period (第七条; R-28)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from assessments.sheets.enums import UNITS_WORDS, Stage
from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.policy.periods import Period
from stations.registry.models import Station
from stations.roster.models import FrozenYear


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: User) -> AssessmentQuerySet:
        """Offices and the auditor all; a unit the years it is answerable for, as 承建单位 of the period's last day."""
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            return self
        if user.role == Role.OPERATOR:
            return self.filter(operator=user.organisation_id)
        return self.none()

    def open(self) -> AssessmentQuerySet:
        return self.exclude(stage__in=[Stage.FINAL, Stage.VOID])


class Assessment(models.Model):
    """One assessed year: when it opened, the data it rests on, and how far it has come.

    `operator` is the 承建单位 of the last day of the period: it answers, and the money is its own (R-23). What was
    scored stands on the sheets; the latest round is the one in force.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="assessments")
    operator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="assessments", verbose_name="承建单位"
    )
    period_no = models.PositiveSmallIntegerField("第几年度")
    starts_on = models.DateField("年度起")
    ends_on = models.DateField("年度止")
    policy_version = models.CharField("适用版本", max_length=40)  # the version of the period's last day
    certainty = models.CharField(max_length=12)
    stage = models.CharField("状态", max_length=11, choices=Stage.choices, default=Stage.OPEN)
    opened_on = models.DateField("评估启动日")
    data_cutoff = models.DateField("数据截止日")
    self_due_on = models.DateField("自评截止日")
    due_on = models.DateField("评估期限")
    frozen_year = models.OneToOneField(
        FrozenYear, on_delete=models.PROTECT, related_name="assessment", verbose_name="冻结的名册"
    )
    self_text = models.TextField("自评说明", max_length=2000, blank=True)
    self_submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    self_submitted_at = models.DateTimeField("自评提交时间", null=True, blank=True)
    reminded_for = models.DateField("已提醒的截止日", null=True, blank=True)  # the last day the unit was reminded of
    void_reason = models.CharField("不评估的原因", max_length=200, blank=True)
    final_on = models.DateField("结果确定日", null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-ends_on", "station", "id"]
        indexes: ClassVar = [models.Index(fields=["stage", "due_on"], name="assessment_waiting")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["station", "period_no"],
                name="assessment_once_per_year",
                violation_error_message="该年度的评估已经启动。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")) & Q(opened_on__gt=F("ends_on")),
                name="assessment_after_its_year",
                violation_error_message="年度结束之后才能评估。",
            ),
            models.CheckConstraint(
                condition=Q(self_submitted_at__isnull=True, self_submitted_by__isnull=True)
                | Q(self_submitted_at__isnull=False, self_submitted_by__isnull=False),
                name="assessment_self_whole",
                violation_error_message="自评须同时记录提交人和时间。",
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.FINAL, final_on__isnull=False)
                | (~Q(stage=Stage.FINAL) & Q(final_on__isnull=True)),
                name="assessment_final_has_day",
                violation_error_message="评估结果的状态与确定日不一致。",
            ),
            models.CheckConstraint(
                condition=(Q(stage=Stage.VOID) & ~Q(void_reason="")) | (~Q(stage=Stage.VOID) & Q(void_reason="")),
                name="assessment_void_has_reason",
                violation_error_message="不评估须写明原因。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station.name}第{self.period_no}年度评估"

    def get_absolute_url(self) -> str:
        return reverse("assessments:assessment", args=[self.pk])

    @property
    def period(self) -> Period:
        return Period(self.period_no, self.starts_on, self.ends_on)

    @property
    def is_open(self) -> bool:
        return self.stage not in {Stage.FINAL, Stage.VOID}

    def label_for(self, user: User) -> str:
        """The stage in the reader's words."""
        if user.role == Role.OPERATOR:
            return UNITS_WORDS.get(self.stage, self.get_stage_display())
        return str(self.get_stage_display())

    def late_by(self, day: dt.date) -> int:
        """Days past the promised end of the assessment, 0 while there is time or nothing is left to do."""
        return max((day - self.due_on).days, 0) if self.is_open else 0


class SelfEvidence(models.Model):
    """自评: what the station says to one line of 附件3, with a file where it has one (R-29)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="self_evidence")
    code = models.CharField("指标", max_length=2)
    text = models.CharField("说明", max_length=500)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["code", "added_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="self_evidence_says",
                violation_error_message="请写明这一项的情况。",
            ),
        ]
