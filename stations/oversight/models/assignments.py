"""委托协会检查 (第六条（二）, R-21): what the association is asked to look at, until when, and what it thinks of it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import Organisation, User
from stations.oversight.enums import SharedSection
from stations.oversight.rules.assignments import Term
from stations.registry.models import Station


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: User) -> AssignmentQuerySet:
        """Offices and the auditor all, the association its own; what of the station it still opens says `open_on`."""
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            return self
        if user.role == Role.ASSOCIATION:
            return self.filter(organisation=user.organisation_id)
        return self.none()

    def open_on(self, day: dt.date) -> AssignmentQuerySet:
        """Those that last on this day, the end date included, and were not ended before (`rules.assignments.lasts`)."""
        return self.filter(starts_on__lte=day, ends_on__gte=day, ended_at__isnull=True)

    def over_on(self, day: dt.date) -> AssignmentQuerySet:
        return self.exclude(starts_on__lte=day, ends_on__gte=day, ended_at__isnull=True)


class Assignment(models.Model):
    """One check of a station, given to the association by the centre with an end date; it opens nothing afterwards.

    The files it shows are the rows of sharing (`AttachmentShare.matter`) that were opened for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("委托编号", max_length=30)  # WT-330703-YYYYMMDD-nnn
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="assignments")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="assignments", verbose_name="受托协会"
    )
    purpose = models.TextField("委托事项", max_length=500)
    sections = ArrayField(
        models.CharField(max_length=10, choices=SharedSection.choices),
        default=list,
        blank=True,
        verbose_name="可查看的内容",
    )
    starts_on = models.DateField("委托日期")
    ends_on = models.DateField("截止日期")  # the last day, included
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField("委托时间", default=timezone.now)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    end_reason = models.CharField("结束原因", max_length=200, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-assigned_at", "id"]
        indexes: ClassVar = [models.Index(fields=["organisation", "ends_on"], name="assignment_of_association")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number"], name="assignment_number_once", violation_error_message="委托编号重复，请重新提交。"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="assignment_ends_later",
                violation_error_message="截止日期不能早于委托日期。",
            ),
            models.CheckConstraint(
                condition=~Q(purpose=""), name="assignment_has_purpose", violation_error_message="请写明委托事项。"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason=""),
                name="assignment_ended_whole",
                violation_error_message="结束委托须同时记录时间、经办人和原因。",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.ReadOnly(
                name="assigned_kept",
                fields=[
                    *("number", "station", "organisation", "purpose", "sections", "starts_on", "ends_on"),
                    *("assigned_by", "assigned_at"),
                ],
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("oversight:assignment", args=[self.pk])

    @property
    def term(self) -> Term:
        return Term(self.starts_on, self.ends_on, ended=self.ended_at is not None)

    @property
    def section_labels(self) -> list[str]:
        return [str(SharedSection(name).label) for name in self.sections]


class AssignmentOpinion(models.Model):
    """意见 of the association: advice, never a decision; written once, changed by nobody, followed by another one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="opinions")
    number = models.PositiveSmallIntegerField("第几次")
    text = models.TextField("意见", max_length=2000)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("提交时间", default=timezone.now)
    written_on = models.DateField("提交日期")
    last_day = models.DateField("委托截止日期")  # as the assignment had it

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assignment", "number"],
                name="opinion_number_once",
                violation_error_message="这次意见已提交，请刷新后查看。",
            ),
            models.CheckConstraint(
                condition=~Q(text=""), name="opinion_has_text", violation_error_message="请写明意见。"
            ),
            models.CheckConstraint(
                condition=Q(written_on__lte=F("last_day")),
                name="opinion_within_assignment",
                violation_error_message="委托已到期，不能再提交意见。",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} 第{self.number}次意见"
