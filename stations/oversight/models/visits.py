"""走访检查 (第六条（一）, R-20): planned or not, what was looked at, what was found, how it was put right."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment
from stations.oversight.enums import CheckResult, FindingState, VisitKind, VisitSide, VisitState
from stations.registry.models import Station

from .changes import ChangeReport


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: User) -> VisitQuerySet:
        """Offices and the auditor all; a station's unit what was done there, never what is planned."""
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            return self
        if user.role == Role.OPERATOR:
            return self.filter(station__operator=user.organisation_id, state=VisitState.DONE)
        return self.none()


class Visit(models.Model):
    """One visit or inspection of a station by the centre; `number` counts the visits of a station."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("编号", max_length=30)  # ZF-330703-YYYYMMDD-nnn
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="visits")
    kind = models.CharField("类型", max_length=11, choices=VisitKind.choices)
    state = models.CharField("状态", max_length=9, choices=VisitState.choices, default=VisitState.PLANNED)
    planned = models.BooleanField("计划内", default=False)
    planned_on = models.DateField("计划日期", null=True, blank=True)
    purpose = models.CharField("走访事由", max_length=200, blank=True)  # the centre's own, not shown to the station
    lead = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="检查人员")
    second = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="第二名检查人员"
    )
    others = models.CharField("其他参加人员", max_length=200, blank=True)
    visited_on = models.DateField("走访日期", null=True, blank=True)
    side = models.CharField("地点", max_length=8, choices=VisitSide.choices, default=VisitSide.DISTRICT)
    place = models.CharField("具体地点", max_length=200, blank=True)
    account = models.TextField("了解的情况", max_length=2000, blank=True)
    advice = models.TextField("指导意见", max_length=2000, blank=True)
    signed_by_station = models.CharField("站点签字人", max_length=50, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField("记录时间", null=True, blank=True)
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["station", "visited_on"], name="visit_of_station"),
            models.Index(fields=["state", "planned_on"], name="visit_planned"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number"], name="visit_number_once", violation_error_message="走访编号重复，请重新提交。"
            ),
            models.CheckConstraint(
                condition=~Q(kind=VisitKind.SUPERVISION) | ~Q(state=VisitState.DONE) | Q(second__isnull=False),
                name="visit_supervision_by_two",
                violation_error_message="监督检查须由两名以上工作人员进行（《人力资源市场暂行条例》第三十四条）。",
            ),
            models.CheckConstraint(
                condition=Q(second__isnull=True) | ~Q(second=F("lead")),
                name="visit_two_different_people",
                violation_error_message="两名检查人员不能是同一人。",
            ),
            models.CheckConstraint(
                condition=Q(planned=False) | Q(planned_on__isnull=False),
                name="visit_planned_has_day",
                violation_error_message="计划内的走访须写明计划日期。",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=VisitState.DONE,
                    visited_on__isnull=False,
                    recorded_by__isnull=False,
                    recorded_at__isnull=False,
                )
                | (
                    ~Q(state=VisitState.DONE)
                    & Q(visited_on__isnull=True, recorded_by__isnull=True, recorded_at__isnull=True)
                ),
                name="visit_done_whole",
                violation_error_message="已完成的走访须同时记录走访日期、记录人和时间。",
            ),
            models.CheckConstraint(
                condition=~Q(state=VisitState.CANCELLED) | ~Q(cancel_reason=""),
                name="visit_cancelled_has_reason",
                violation_error_message="取消走访须写明原因。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station.name}{self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("oversight:visit", args=[self.pk])


class VisitCheck(models.Model):
    """One line of 附件3 as it was found on the spot; `line` is its code in the version in force."""

    id = models.BigAutoField(primary_key=True)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="checks")
    line = models.CharField("指标", max_length=2)
    result = models.CharField("结果", max_length=7, choices=CheckResult.choices)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["line"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["visit", "line"], name="visit_check_once", violation_error_message="该项检查已有结果。"
            ),
            models.CheckConstraint(
                condition=Q(result=CheckResult.GOOD) | ~Q(note=""),
                name="visit_check_problem_has_note",
                violation_error_message="有问题的检查项须写明问题。",
            ),
        ]


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user: User) -> FindingQuerySet:
        """Offices and the auditor all; a station's unit its own."""
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            return self
        if user.role == Role.OPERATOR:
            return self.filter(station__operator=user.organisation_id)
        return self.none()

    def unsettled(self) -> FindingQuerySet:
        return self.exclude(state=FindingState.CLOSED)


class Finding(models.Model):
    """发现的问题 with the day by which it is to be put right; of a visit, or of a late change of 承建单位 (R-23).

    Overdue is an alert and nothing more (R-20).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="findings")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="findings")
    change = models.ForeignKey(ChangeReport, on_delete=models.PROTECT, null=True, blank=True, related_name="findings")
    line = models.CharField("指标", max_length=2, blank=True)
    text = models.CharField("问题", max_length=500)
    due_on = models.DateField("整改期限")
    state = models.CharField("状态", max_length=8, choices=FindingState.choices, default=FindingState.OPEN)
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_on", "raised_at", "id"]
        indexes: ClassVar = [models.Index(fields=["state", "due_on"], name="finding_due")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(visit__isnull=False, change__isnull=True) | Q(visit__isnull=True, change__isnull=False),
                name="finding_has_one_source",
                violation_error_message="问题须来自一次走访或一件变更。",
            ),
            models.CheckConstraint(
                condition=Q(state=FindingState.CLOSED, closed_at__isnull=False)
                | (~Q(state=FindingState.CLOSED) & Q(closed_at__isnull=True)),
                name="finding_closed_has_at",
                violation_error_message="办结状态与办结时间不一致。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station.name}：{self.text[:30]}"

    def get_absolute_url(self) -> str:
        return reverse("oversight:finding", args=[self.pk])


class Rectification(models.Model):
    """整改 by the station with its proof, and 复查 by the centre; each attempt is a row of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="rectifications")
    round = models.PositiveSmallIntegerField("第几次")
    text = models.CharField("整改情况", max_length=1000)
    done_on = models.DateField("整改完成日期")
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(default=timezone.now)
    passed = models.BooleanField("复查通过", null=True, blank=True)
    check_note = models.CharField("复查意见", max_length=500, blank=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField("复查时间", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["round"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["finding", "round"],
                name="rectification_round_once",
                violation_error_message="该次整改已提交，请刷新后查看。",
            ),
            models.UniqueConstraint(
                fields=["finding"],
                condition=Q(passed__isnull=True),
                name="rectification_one_unchecked",
                violation_error_message="上一次整改尚待复查。",
            ),
            models.CheckConstraint(
                condition=Q(passed__isnull=True, checked_by__isnull=True, checked_at__isnull=True)
                | Q(passed__isnull=False, checked_by__isnull=False, checked_at__isnull=False),
                name="rectification_checked_whole",
                violation_error_message="复查须同时记录结果、复查人和时间。",
            ),
            models.CheckConstraint(
                condition=Q(passed__isnull=True) | Q(passed=True) | ~Q(check_note=""),
                name="rectification_failed_has_note",
                violation_error_message="复查不通过须写明原因。",
            ),
        ]


class RectificationPaper(models.Model):
    """Proof of a 整改."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rectification = models.ForeignKey(Rectification, on_delete=models.PROTECT, related_name="papers")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["attachment__uploaded_at", "id"]


class VisitPhoto(models.Model):
    """A photograph taken on the spot; its EXIF data are stripped when it is stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="photos")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField("说明", max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["attachment__uploaded_at", "id"]
