"""公示 and 公告: prepared by the centre, released by a bureau official, shown to everyone."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.core.clock import local_date
from jinhua_labor.core.workdays import work_calendar
from jinhua_labor.rulebook import policy_on


class NoticeKind(models.TextChoices):
    ESTABLISHMENT = "ESTABLISHMENT", "设立公布"
    ASSESSMENT = "ASSESSMENT", "评估公示"
    EXCELLENT = "EXCELLENT", "优秀公示"
    REVOCATION = "REVOCATION", "取消公布"
    SUBSIDY = "SUBSIDY", "补贴公示"
    POLICY = "POLICY", "政策"
    OTHER = "OTHER", "通知公告"


class NoticeState(models.TextChoices):
    DRAFT = "DRAFT", "起草中"
    READY = "READY", "待发布"
    PUBLISHED = "PUBLISHED", "已发布"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> NoticeQuerySet:
        """The offices and the auditor see drafts too; everyone else what is published."""
        if user.is_authenticated and (user.role in OFFICE_ROLES or user.role == Role.AUDITOR):
            return self
        return self.public()

    def public(self) -> NoticeQuerySet:
        return self.filter(state=NoticeState.PUBLISHED)

    def in_period(self, day: dt.date) -> NoticeQuerySet:
        """Published notices whose 公示 period is still running on this day (its last day included)."""
        return self.public().filter(ends_on__gte=day)


class Notice(models.Model):
    """A public text. With `ends_on` it is a 公示 (objections open until the end of that day), else a 公告 (R-31)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("类型", max_length=14, choices=NoticeKind.choices)
    title = models.CharField("标题", max_length=120)
    body = models.TextField("正文", max_length=20_000)
    fixed = models.TextField("照记录生成的各行", max_length=20_000, blank=True)  # results and amounts: not to be edited
    office = models.CharField("发布机构", max_length=60, blank=True)
    phone = models.CharField("监督电话", max_length=20, blank=True)
    workdays = models.PositiveSmallIntegerField("公示工作日", default=0)  # 0: a 公告 without a period
    state = models.CharField("状态", max_length=10, choices=NoticeState.choices, default=NoticeState.DRAFT)
    object_id = models.UUIDField(null=True, blank=True)  # what it is about, known to the room that prepared it
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(default=timezone.now)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField("发布时间", null=True, blank=True)
    ends_on = models.DateField("公示截止日", null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-released_at", "-prepared_at", "id"]
        indexes: ClassVar = [models.Index(fields=["state", "-released_at"], name="notice_public")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[NoticeState.DRAFT, NoticeState.READY], released_at__isnull=True)
                | Q(state__in=[NoticeState.PUBLISHED, NoticeState.WITHDRAWN], released_at__isnull=False),
                name="notice_released_has_at",
                violation_error_message="发布状态与发布时间不一致。",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True, content_sha256="")
                | (Q(released_at__isnull=False, released_by__isnull=False) & ~Q(content_sha256="")),
                name="notice_released_whole",
                violation_error_message="发布须同时记录发布人、时间和内容摘要。",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("prepared_by")),
                name="notice_two_persons",
                violation_error_message="起草人不能自己发布，请由另一位同事审核发布。",
            ),
            models.CheckConstraint(
                condition=Q(state=NoticeState.WITHDRAWN, withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawn_reason="")
                | ~Q(state=NoticeState.WITHDRAWN)
                & Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason=""),
                name="notice_withdrawn_whole",
                violation_error_message="撤回须写明原因，并记录经办人和时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("notices:detail", args=[self.pk])

    def missing_lines(self, body: str) -> tuple[str, ...]:
        """Of the lines its room made of frozen records, those that do not stand in `body` as they were made."""
        standing = {line.strip() for line in body.splitlines()}
        return tuple(line for line in self.fixed.splitlines() if line.strip() not in standing)


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, user: User) -> ObjectionQuerySet:
        """Who objected and why is for the offices and the auditor; it is never public."""
        return self if user.role in OFFICE_ROLES or user.role == Role.AUDITOR else self.none()

    def open(self) -> ObjectionQuerySet:
        return self.filter(answered_at__isnull=True)


class Objection(models.Model):
    """异议 against a 公示: real name, evidence, within the period, answered (R-31)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="objections")
    name = models.CharField("姓名（单位）", max_length=50)
    contact = models.CharField("联系方式", max_length=50)
    content = models.TextField("异议内容", max_length=2000)
    evidence = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="依据"
    )
    received_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answer = models.TextField("答复", max_length=2000, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["received_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="objection_answer_whole",
                violation_error_message="答复须同时记录内容、经办人和时间。",
            ),
        ]

    @property
    def answer_due(self) -> dt.date:
        """The last day on which the centre answers it (R-31)."""
        day = local_date(self.received_at)
        return work_calendar().add_workdays(day, policy_on(day).policy.settings.objection_answer_workdays)
