"""Work in the background (后台任务): one row a job, for the person who waits for it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User


class JobState(models.TextChoices):
    QUEUED = "QUEUED", "排队中"
    RUNNING = "RUNNING", "进行中"
    DONE = "DONE", "已完成"
    FAILED = "FAILED", "未完成"


OPEN_STATES = (JobState.QUEUED, JobState.RUNNING)


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: User) -> JobQuerySet:
        """The jobs of the person's own organisation; the auditor sees all."""
        if user.role == "AUDITOR":
            return self
        return self.filter(organisation=user.organisation_id)


class Job(models.Model):
    """Progress of one piece of background work; `total` 0 means that its size is not known yet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("类别", max_length=40)
    title = models.CharField("任务", max_length=100)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("提交时间", default=timezone.now)
    state = models.CharField("状态", max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    total = models.PositiveIntegerField("总数", default=0)
    done = models.PositiveIntegerField("已处理", default=0)
    message = models.CharField("说明", max_length=300, blank=True)
    back_url = models.CharField("返回页面", max_length=200, blank=True)
    result = models.ForeignKey("attachments.Attachment", on_delete=models.PROTECT, null=True, related_name="+")
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    queue_id = models.BigIntegerField("队列编号", null=True)
    started_at = models.DateTimeField("开始时间", null=True)
    heartbeat_at = models.DateTimeField("最近进展", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering: ClassVar = ["-created_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-created_at"], name="job_party"),
            models.Index(fields=["heartbeat_at"], condition=Q(state="RUNNING"), name="job_running"),
            models.Index(fields=["queue_id"], name="job_queue"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, finished_at__isnull=True)
                | (~Q(state__in=OPEN_STATES) & Q(finished_at__isnull=False)),
                name="job_finished_at_iff_finished",
                violation_error_message="任务状态与结束时间不一致。",
            ),
            models.CheckConstraint(
                condition=Q(total=0) | Q(done__lte=F("total")),
                name="job_done_within_total",
                violation_error_message="已处理数不能超过总数。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def percent(self) -> int | None:
        """0–100, or None while the size is not known."""
        return self.done * 100 // self.total if self.total else None
