"""劳务对接活动 (附件3 C3, R-60): entered by a station with its evidence, confirmed by the centre."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment
from stations.oversight.enums import ActivityKind, ActivityMode, ActivityPaperSlot, ActivityRole, ActivityState
from stations.registry.models import Station


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, user: User) -> ActivityQuerySet:
        """Offices and the auditor all; a unit what its stations entered."""
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            return self
        if user.role == Role.OPERATOR:
            return self.filter(station__operator=user.organisation_id)
        return self.none()


class Activity(models.Model):
    """One event as one station entered it; `key` is what makes two entries the same event (day, place, name)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="activities")
    name = models.CharField("活动名称", max_length=100)
    kind = models.CharField("活动形式", max_length=8, choices=ActivityKind.choices)
    held_on = models.DateField("举办日期")
    place = models.CharField("举办地点", max_length=100)
    mode = models.CharField("方式", max_length=6, choices=ActivityMode.choices, default=ActivityMode.ONSITE)
    employers_no = models.PositiveIntegerField("参加企业（家）", default=0)
    jobs_no = models.PositiveIntegerField("提供岗位（个）", default=0)
    seekers_no = models.PositiveIntegerField("求职者（人）", default=0)
    intents_no = models.PositiveIntegerField("达成意向（人）", default=0)
    employers = models.TextField("参加企业名单", max_length=2000, blank=True)
    summary = models.TextField("活动情况", max_length=1000, blank=True)
    key = models.CharField(max_length=220)
    state = models.CharField("状态", max_length=9, choices=ActivityState.choices, default=ActivityState.SUBMITTED)
    answer = models.CharField("确认或退回意见", max_length=300, blank=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-held_on", "-created_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["station", "held_on"], name="activity_of_station"),
            models.Index(fields=["key"], name="activity_same_event"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=ActivityState.CONFIRMED, confirmed_by__isnull=False, confirmed_at__isnull=False)
                | (~Q(state=ActivityState.CONFIRMED) & Q(confirmed_by__isnull=True, confirmed_at__isnull=True)),
                name="activity_confirmed_whole",
                violation_error_message="已确认的活动须同时记录确认人和时间。",
            ),
            models.CheckConstraint(
                condition=~Q(state=ActivityState.RETURNED) | ~Q(answer=""),
                name="activity_returned_has_reason",
                violation_error_message="退回活动须写明原因。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("oversight:activity", args=[self.pk])


class ActivityOrganiser(models.Model):
    """A station that organised the event, in the order of the poster: the first one is 第一主办 (G-38)."""

    id = models.BigAutoField(primary_key=True)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="organisers")  # part of the entry
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="+")
    role = models.CharField("角色", max_length=9, choices=ActivityRole.choices)
    position = models.PositiveSmallIntegerField("顺序")

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["activity", "station"],
                name="organiser_once",
                violation_error_message="同一工作站在一场活动中只列一次。",
            ),
            models.UniqueConstraint(
                fields=["activity", "position"],
                name="organiser_position_once",
                violation_error_message="主办单位的顺序重复。",
            ),
        ]


class ActivityPaper(models.Model):
    """Evidence of an event: photographs, the sign-in sheet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="papers")
    slot = models.CharField("佐证", max_length=7, choices=ActivityPaperSlot.choices)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["slot", "added_at", "id"]
