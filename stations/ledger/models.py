"""工作台账 (第六条（四）): what is kept for each of the eight items of a year, job demands, the printed book."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment
from stations.registry.models import Employer, Station

from .enums import PER_EMPLOYER, Education, Item

if TYPE_CHECKING:
    import datetime as dt


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    def visible_to(self, user: User) -> LedgerEntryQuerySet:
        """The entries of the stations this person may see."""
        return self.filter(station__in=Station.objects.visible_to(user))

    def current(self) -> LedgerEntryQuerySet:
        """Those that no other has replaced."""
        return self.filter(superseded_at__isnull=True)


class LedgerEntry(models.Model):
    """One document of the ledger: a file, or where the paper lies, or both. Replaced ones stay (R-71)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="ledger_entries")
    period = models.PositiveSmallIntegerField("第几年度")
    item = models.CharField("台账项目", max_length=2, choices=Item.choices)
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="用工企业"
    )
    title = models.CharField("名称", max_length=100)
    file = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="电子件"
    )
    paper_volume = models.CharField("纸质册号", max_length=30, blank=True)
    paper_place = models.CharField("存放地点", max_length=60, blank=True)
    paper_pages = models.PositiveIntegerField("纸质页数", null=True, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("登记时间", default=timezone.now)
    paper_seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    paper_seen_at = models.DateTimeField("已见纸质", null=True, blank=True)
    superseded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    superseded_at = models.DateTimeField("替换时间", null=True, blank=True)

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["item", "employer__name", "added_at", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["station", "period", "item"],
                condition=Q(superseded_at__isnull=True),
                name="ledger_entry_of_year",
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(item__in=PER_EMPLOYER, employer__isnull=False)
                | (~Q(item__in=PER_EMPLOYER) & Q(employer__isnull=True)),
                name="ledger_entry_employer",
                violation_error_message="第1至4目按用工企业登记，其余各目不写企业。",
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=False) | ~Q(paper_volume=""),
                name="ledger_entry_file_or_paper",
                violation_error_message="请上传电子件，或写明纸质册号。",
            ),
            models.CheckConstraint(
                condition=~Q(paper_volume="") | Q(paper_place="", paper_pages__isnull=True),
                name="ledger_entry_paper_has_volume",
                violation_error_message="写存放地点和页数时须写明纸质册号。",
            ),
            models.CheckConstraint(
                condition=Q(paper_pages__isnull=True) | Q(paper_pages__gte=1),
                name="ledger_entry_paper_pages",
                violation_error_message="纸质页数至少为1。",
            ),
            models.CheckConstraint(
                condition=Q(paper_seen_by__isnull=True, paper_seen_at__isnull=True)
                | Q(paper_seen_by__isnull=False, paper_seen_at__isnull=False),
                name="ledger_entry_seen_whole",
                violation_error_message="已见纸质须同时记录经办人和时间。",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by__isnull=True, superseded_at__isnull=True)
                | Q(superseded_by__isnull=False, superseded_at__isnull=False),
                name="ledger_entry_superseded_whole",
                violation_error_message="替换须同时记录经办人和时间。",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.ReadOnly(
                name="entry_kept",
                fields=[
                    *("station", "period", "item", "employer", "title", "file"),
                    *("paper_volume", "paper_place", "paper_pages", "added_by", "added_at"),
                ],
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('ledger:year', args=[self.station_id, self.period])}#{self.item}"


class JobDemandQuerySet(models.QuerySet["JobDemand"]):
    def visible_to(self, user: User) -> JobDemandQuerySet:
        """The demands of the stations this person may see."""
        return self.filter(station__in=Station.objects.visible_to(user))

    def public(self, day: dt.date) -> JobDemandQuerySet:
        """What everybody may read on this day: published, in force, of a station that runs (R-25)."""
        return self.filter(
            published_at__isnull=False,
            withdrawn_at__isnull=True,
            valid_to__gte=day,
            station__in=Station.objects.public(),
        )


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class JobDemand(models.Model):
    """用工企业需求岗位 (台账第4目): one post an employer wants filled, and until when (R-25)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="job_demands")
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, related_name="job_demands", verbose_name="用工企业"
    )
    post = models.CharField("岗位", max_length=60)
    headcount = models.PositiveSmallIntegerField("人数")
    education = models.CharField("学历要求", max_length=8, choices=Education.choices, default=Education.ANY)
    skill = models.CharField("技能要求", max_length=100, blank=True)
    requirements = models.CharField("其他要求", max_length=300, blank=True)
    wage_min = models.PositiveIntegerField("月工资下限（元）")
    wage_max = models.PositiveIntegerField("月工资上限（元）")
    place = models.CharField("工作地点", max_length=100)
    hours = models.CharField("工作时间", max_length=60, blank=True)
    welfare = models.CharField("福利待遇", max_length=200, blank=True)
    valid_from = models.DateField("有效期起")
    valid_to = models.DateField("有效期止")
    # What the text check found: publication waits until a person of the centre clears it with a reason.
    findings = ArrayField(models.CharField(max_length=60), default=list, blank=True, verbose_name="疑似歧视用语")
    cleared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cleared_at = models.DateTimeField("准予发布时间", null=True, blank=True)
    cleared_reason = models.CharField("准予发布的理由", max_length=200, blank=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("登记时间", default=timezone.now)

    objects = JobDemandQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-added_at", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["valid_to"],
                condition=Q(published_at__isnull=False, withdrawn_at__isnull=True),
                name="job_demand_public",
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(headcount__gte=1, headcount__lte=9999),
                name="job_demand_headcount",
                violation_error_message="需求人数为1至9999。",
            ),
            models.CheckConstraint(
                condition=Q(wage_min__gte=1, wage_max__gte=F("wage_min")),
                name="job_demand_wage_in_order",
                violation_error_message="月工资上限不能低于下限。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="job_demand_dates_in_order",
                violation_error_message="有效期的截止日期不能早于起始日期。",
            ),
            models.CheckConstraint(
                condition=Q(cleared_by__isnull=True, cleared_at__isnull=True, cleared_reason="")
                | (Q(cleared_by__isnull=False, cleared_at__isnull=False) & ~Q(cleared_reason="")),
                name="job_demand_cleared_whole",
                violation_error_message="准予发布须写明理由，并记录经办人和时间。",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True, published_at__isnull=True)
                | Q(published_by__isnull=False, published_at__isnull=False),
                name="job_demand_published_whole",
                violation_error_message="发布须同时记录经办人和时间。",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(findings__len=0) | Q(cleared_at__isnull=False),
                name="job_demand_published_clean",
                violation_error_message="岗位要求有疑似歧视用语，须经区就业服务中心核实后发布。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
                name="job_demand_withdrawn_whole",
                violation_error_message="撤下须同时记录经办人和时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.post


class LedgerBookQuerySet(models.QuerySet["LedgerBook"]):
    def visible_to(self, user: User) -> LedgerBookQuerySet:
        """The books of the stations this person may see."""
        return self.filter(station__in=Station.objects.visible_to(user))


class LedgerBook(models.Model):
    """The year's ledger as it was printed: the file is opened by a logged click, it holds full numbers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="ledger_books")
    period = models.PositiveSmallIntegerField("第几年度")
    file = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    pages = models.PositiveIntegerField("页数")
    as_of = models.DateField("截至日期")
    purpose = models.CharField("用途", max_length=100)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("印制时间", default=timezone.now)

    objects = LedgerBookQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at", "id"]
        indexes: ClassVar = [models.Index(fields=["station", "period"], name="ledger_book_of_year")]
        triggers: ClassVar = [
            pgtrigger.Protect(name="printed", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"第{self.period}年度台账"
