"""The thirteen lines of a sheet: what the facts give, what was given, why, and what the station says to it (R-50)."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment

from .sheets import Sheet

_STAYS = """
IF EXISTS (SELECT 1 FROM assessments_sheet s WHERE s.id = OLD.sheet_id AND s.confirmed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'a line of a confirmed sheet stays as it is' USING ERRCODE = '23514';
END IF;
RETURN COALESCE(NEW, OLD);
"""


class SheetLine(models.Model):
    """One line of 附件3. `computed` is what the facts give (none for a judged line), `given` what the centre gives."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="lines")
    code = models.CharField("指标", max_length=2)
    weight = models.PositiveSmallIntegerField("参考权重")
    computed = models.DecimalField("系统分", max_digits=5, decimal_places=2, null=True, blank=True)
    given = models.DecimalField("实际得分", max_digits=5, decimal_places=2, null=True, blank=True)
    skill_points = models.PositiveSmallIntegerField("技术技能加分", null=True, blank=True)  # C4 only
    parts = models.JSONField("分项判断", default=list, blank=True)  # A1, A2, B1: [true, false …] in the clause's order
    reason = models.CharField("理由", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sheet", "code"], name="line_once", violation_error_message="每项指标只有一行。"
            ),
            models.CheckConstraint(
                condition=(Q(given__isnull=True) | Q(given__gte=0, given__lte=F("weight")))
                & (Q(computed__isnull=True) | Q(computed__gte=0, computed__lte=F("weight"))),
                name="line_within_weight",
                violation_error_message="得分应在0分与参考权重之间。",
            ),
            models.CheckConstraint(
                condition=Q(given__isnull=True) | Q(computed__isnull=True) | Q(given=F("computed")) | ~Q(reason=""),
                name="line_override_has_reason",
                violation_error_message="实际得分与系统分不同的，须写明理由。",
            ),
            models.CheckConstraint(
                condition=Q(given__isnull=True, given_by__isnull=True, given_at__isnull=True)
                | Q(given__isnull=False, given_by__isnull=False, given_at__isnull=False),
                name="line_given_whole",
                violation_error_message="评分须同时记录评分人和时间。",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="confirmed_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_STAYS,
            ),
        ]


class LineEvidence(models.Model):
    """佐证 of one line: what the centre rests its points on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    line = models.ForeignKey(SheetLine, on_delete=models.PROTECT, related_name="evidence")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["added_at", "id"]


class LineAnswer(models.Model):
    """站点意见 to one line of the checked draft, and the centre's answer to it (R-29)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="answers")
    code = models.CharField("指标", max_length=2)
    text = models.CharField("站点意见", max_length=1000)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reply = models.CharField("中心答复", max_length=1000, blank=True)
    replied_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    replied_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["code", "at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sheet", "code"],
                name="line_answer_once",
                violation_error_message="这一项的意见已经提交，请等待答复。",
            ),
            models.CheckConstraint(
                condition=~Q(text=""), name="line_answer_says", violation_error_message="请写明意见。"
            ),
            models.CheckConstraint(
                condition=Q(reply="", replied_by__isnull=True, replied_at__isnull=True)
                | (~Q(reply="") & Q(replied_by__isnull=False, replied_at__isnull=False)),
                name="line_reply_whole",
                violation_error_message="答复须同时记录内容、经办人和时间。",
            ),
        ]


class SheetPresence(models.Model):
    """Who has the sheet open now: two people who score it see each other."""

    id = models.BigAutoField(primary_key=True)
    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="presences")  # means nothing without it
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-seen_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sheet", "user"],
                name="presence_once",
                violation_error_message="同一人在一张评估表上只记一次。",
            ),
        ]
