"""The file of a station: its papers, each as dated versions."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment
from stations.registry.enums import PaperKind, PaperOrigin, Side, Tenure

if TYPE_CHECKING:
    pass

from .stations import Station


class StationPaperQuerySet(models.QuerySet["StationPaper"]):
    def visible_to(self, user: User) -> StationPaperQuerySet:
        """The papers of the stations this person may see."""
        return self.filter(station__in=Station.objects.visible_to(user))


class StationPaper(models.Model):
    """站点档案: one version of a paper of the station; a new version never edits an old one.

    `place` is the same in all versions of one 工作地点, `period` says whose year a plan is for (第几年度).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField("种类", max_length=12, choices=PaperKind.choices)
    place = models.UUIDField("地点", null=True, blank=True)
    period = models.PositiveSmallIntegerField("第几年度", null=True, blank=True)
    version = models.PositiveSmallIntegerField("第几版")
    origin = models.CharField("来源", max_length=12, choices=PaperOrigin.choices, default=PaperOrigin.OPERATOR)
    title = models.CharField("名称", max_length=100)
    number = models.CharField("编号", max_length=60, blank=True)
    party = models.CharField("发证机关或协议对方", max_length=100, blank=True)
    side = models.CharField("所在地区", max_length=8, choices=Side.choices, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    tenure = models.CharField("使用方式", max_length=8, choices=Tenure.choices, blank=True)
    facilities = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name="办公设施")
    text = models.TextField("主要内容", max_length=2000, blank=True)
    valid_from = models.DateField("有效期起")
    valid_to = models.DateField("有效期止", null=True, blank=True)  # the last day, included; empty: 长期
    filed_on = models.DateField("报送日期")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("登记时间", default=timezone.now)
    # 已核, by the centre: what it found, and for what does not do, why
    accepted = models.BooleanField("符合要求", null=True, blank=True)
    check_note = models.CharField("核对说明", max_length=200, blank=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField("核对时间", null=True, blank=True)
    reminded_at = models.DateTimeField("到期提醒时间", null=True, blank=True)

    objects = StationPaperQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["kind", "place", "period", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["station", "kind", "place", "period", "version"],
                nulls_distinct=False,
                name="station_paper_version_once",
                violation_error_message="该版本已登记，请刷新后再添加。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="station_paper_dates_in_order",
                violation_error_message="有效期的截止日期不能早于起始日期。",
            ),
            models.CheckConstraint(
                condition=(Q(kind=PaperKind.SITE, place__isnull=False) & ~Q(side="") & ~Q(address=""))
                | (~Q(kind=PaperKind.SITE) & Q(place__isnull=True, side="")),
                name="station_paper_site_whole",
                violation_error_message="工作地点须写明所在地区和地址。",
            ),
            models.CheckConstraint(
                condition=Q(kind=PaperKind.PLAN, period__isnull=False)
                | (~Q(kind=PaperKind.PLAN) & Q(period__isnull=True)),
                name="station_paper_plan_has_period",
                violation_error_message="工作计划须写明是第几年度的。",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True, accepted__isnull=True)
                | Q(checked_at__isnull=False, checked_by__isnull=False, accepted__isnull=False),
                name="station_paper_checked_whole",
                violation_error_message="核对须同时记录结果、经办人和时间。",
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True) | Q(accepted=True) | ~Q(check_note=""),
                name="station_paper_unmet_has_note",
                violation_error_message="不符合要求的须写明原因。",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.ReadOnly(
                name="version_kept",
                fields=[
                    *("station", "kind", "place", "period", "version", "origin", "title", "number", "party", "side"),
                    *("address", "tenure", "facilities", "text", "valid_from", "valid_to", "filed_on"),
                    *("added_by", "added_at"),
                ],
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.title


class StationPaperFile(models.Model):
    """A file of one version."""

    id = models.BigAutoField(primary_key=True)
    paper = models.ForeignKey(StationPaper, on_delete=models.PROTECT, related_name="files")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["paper", "attachment"],
                name="station_paper_file_once",
                violation_error_message="该文件已在这一版中。",
            ),
        ]
