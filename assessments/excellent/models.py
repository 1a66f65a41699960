"""优秀站点: rounds, candidates, what was seen of a year's ledger on site, titles and their 复核 (第四章)."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from assessments.excellent.enums import OPEN_CANDIDATE, CandidateStage, Channel, TitleState, Verdict
from assessments.sheets.models import Assessment
from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.documents.models import IssuedDocument
from jinhua_labor.notices.models import Notice
from jinhua_labor.review.models import Review
from stations.ledger.enums import Item
from stations.registry.models import Station

READERS = OFFICE_ROLES | {Role.AUDITOR}


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: User) -> RoundQuerySet:
        """Offices, the auditor and every unit: that a round is open is no secret."""
        return self if user.role in READERS | {Role.OPERATOR} else self.none()


class Round(models.Model):
    """One 评选 (第十一条): its year, the day up to which results count, until when stations may stand, the quota."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.PositiveSmallIntegerField("评选年份", unique=True)
    cutoff = models.DateField("数据截止日")
    apply_until = models.DateField("申报截止日")
    quota = models.PositiveSmallIntegerField(
        "名额", null=True, blank=True
    )  # none: whoever meets the criteria may be named
    remark = models.CharField("说明", max_length=500, blank=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    document = models.OneToOneField(
        IssuedDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="认定文件"
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-year"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(apply_until__gte=F("cutoff")),
                name="round_days_in_order",
                violation_error_message="申报截止日不能早于数据截止日。",
            ),
            models.CheckConstraint(
                condition=Q(quota__isnull=True) | Q(quota__gte=1),
                name="round_quota_positive",
                violation_error_message="名额至少为1个；不设名额请留空。",
            ),
            models.CheckConstraint(
                condition=Q(document__isnull=True) | Q(notice__isnull=False),
                name="round_document_after_notice",
                violation_error_message="公示期满之后才能印发认定文件。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年优秀站点评选"

    def get_absolute_url(self) -> str:
        return reverse("excellent:round", args=[self.pk])


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def visible_to(self, user: User) -> CandidateQuerySet:
        """Offices and the auditor all; a unit its own stations'."""
        if user.role in READERS:
            return self
        if user.role == Role.OPERATOR:
            return self.filter(operator=user.organisation_id)
        return self.none()

    def open(self) -> CandidateQuerySet:
        return self.filter(stage__in=OPEN_CANDIDATE)


class Candidate(models.Model):
    """A station that stands in a round: applied for by its unit or nominated by the centre (R-41).

    `figures` is the matrix of the four criteria as the centre screened it, kept with the version it was judged by.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="candidates")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="candidacies")
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="承建单位")
    channel = models.CharField("方式", max_length=9, choices=Channel.choices)
    statement = models.TextField("事迹", max_length=2000)
    stage = models.CharField("状态", max_length=10, choices=CandidateStage.choices, default=CandidateStage.SUBMITTED)
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="candidate")
    figures = models.JSONField("四项标准", null=True, blank=True)
    policy_version = models.CharField("适用版本", max_length=40, blank=True)
    closing_reason = models.CharField("未入选或撤回的理由", max_length=500, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["round", "created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "station"],
                condition=~Q(stage=CandidateStage.WITHDRAWN),
                name="candidate_once_per_round",
                violation_error_message="该工作站已列为这一轮的候选。",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[CandidateStage.SCREENED, CandidateStage.APPROVED, CandidateStage.RECOGNISED])
                | (Q(figures__isnull=False) & ~Q(policy_version="")),
                name="candidate_screened_has_figures",
                violation_error_message="初审须同时记录四项标准的核对结果。",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[CandidateStage.REJECTED]) | ~Q(closing_reason=""),
                name="candidate_rejected_has_reason",
                violation_error_message="未入选须写明理由。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station.name}参加{self.round}"

    def get_absolute_url(self) -> str:
        return reverse("excellent:candidate", args=[self.pk])


class LedgerSight(models.Model):
    """台账 of an assessed year as the centre found it on site (R-40); the latest look counts, none is lost."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="ledger_sights")
    seen_on = models.DateField("实地核对日期")
    gaps = ArrayField(
        models.CharField(max_length=2, choices=Item.choices), default=list, blank=True, verbose_name="不完备的项目"
    )
    note = models.CharField("核对情况", max_length=500, blank=True)
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["assessment", "-entered_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(gaps__len=0) | ~Q(note=""),
                name="ledger_sight_gap_has_note",
                violation_error_message="台账不完备的，请写明缺什么。",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class TitleQuerySet(models.QuerySet["Title"]):
    def visible_to(self, user: User) -> TitleQuerySet:
        """Titles are public, what is behind them is not; units see every title as anybody does."""
        return self if user.role in READERS | {Role.OPERATOR} else self.none()

    def held(self) -> TitleQuerySet:
        return self.filter(state=TitleState.HELD)


class Title(models.Model):
    """优秀站点 of a station since the day of the recognition document; the same title is held once at a time (R-42)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="titles")
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="承建单位")
    candidate = models.OneToOneField(Candidate, on_delete=models.PROTECT, related_name="title")
    document = models.ForeignKey(IssuedDocument, on_delete=models.PROTECT, related_name="+", verbose_name="认定文件")
    recognised_on = models.DateField("认定日期")
    state = models.CharField("状态", max_length=9, choices=TitleState.choices, default=TitleState.HELD)
    ended_on = models.DateField("终止日期", null=True, blank=True)
    end_reason = models.CharField("终止原因", max_length=200, blank=True)
    end_document = models.ForeignKey(
        IssuedDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤销文件"
    )

    objects = TitleQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-recognised_on", "station"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["station"],
                condition=Q(state=TitleState.HELD),
                name="title_held_once",
                violation_error_message="该工作站已是优秀站点，不重复认定。",
            ),
            models.CheckConstraint(
                condition=Q(state=TitleState.HELD, ended_on__isnull=True, end_reason="", end_document__isnull=True)
                | (~Q(state=TitleState.HELD) & Q(ended_on__isnull=False) & ~Q(end_reason="")),
                name="title_ended_whole",
                violation_error_message="称号终止须记录日期和原因。",
            ),
            models.CheckConstraint(
                condition=~Q(state=TitleState.WITHDRAWN) | Q(end_document__isnull=False),
                name="title_withdrawn_by_document",
                violation_error_message="撤销称号须有区人社局的文件。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station.name}优秀站点"


class ReverificationQuerySet(models.QuerySet["Reverification"]):
    def visible_to(self, user: User) -> ReverificationQuerySet:
        """Offices and the auditor all; a unit its own once it is decided."""
        if user.role in READERS:
            return self
        if user.role == Role.OPERATOR:
            return self.filter(title__operator=user.organisation_id, decided_on__isnull=False)
        return self.none()


class Reverification(models.Model):
    """复核 of a title on its day, every two years (第十一条, R-42): the four criteria over the two latest years.

    Where the reading gives a failed one time to put things right (G-32), the 复核 that follows points to it (`after`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.ForeignKey(Title, on_delete=models.PROTECT, related_name="reverifications")
    number = models.PositiveSmallIntegerField("第几次复核")
    due_on = models.DateField("复核日")
    opened_on = models.DateField("开始日期")
    review = models.OneToOneField(
        Review, on_delete=models.PROTECT, null=True, blank=True, related_name="reverification"
    )
    figures = models.JSONField("四项标准", null=True, blank=True)
    policy_version = models.CharField("适用版本", max_length=40, blank=True)
    verdict = models.CharField("复核结果", max_length=7, choices=Verdict.choices, blank=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    rectify_until = models.DateField("整改期限", null=True, blank=True)
    rectify_words = models.CharField("整改要求", max_length=500, blank=True)
    after = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="second", verbose_name="整改之前的复核"
    )

    objects = ReverificationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["title", "number"],
                condition=Q(after__isnull=True),
                name="reverification_once",
                violation_error_message="这一次复核已经开始。",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", decided_on__isnull=True)
                | (
                    ~Q(verdict="")
                    & ~Q(policy_version="")
                    & Q(decided_on__isnull=False, figures__isnull=False, review__isnull=False)
                ),
                name="reverification_decided_whole",
                violation_error_message="复核结果须同时记录四项标准、决定日期和两级审核。",
            ),
            models.CheckConstraint(
                condition=(Q(verdict=Verdict.RECTIFY, rectify_until__isnull=False) & ~Q(rectify_words=""))
                | (~Q(verdict=Verdict.RECTIFY) & Q(rectify_until__isnull=True, rectify_words="")),
                name="reverification_rectify_whole",
                violation_error_message="限期整改须写明整改要求和期限。",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.RECTIFY) | Q(after__isnull=True),
                name="reverification_rectified_once",
                violation_error_message="限期整改只有一次。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}第{self.number}次复核" + ("（整改后）" if self.after_id else "")

    def get_absolute_url(self) -> str:
        return reverse("excellent:reverification", args=[self.pk])
