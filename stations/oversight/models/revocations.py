"""取消资格 (第八条; R-32, R-33, R-35): the grounds, what the unit said to them, the decision and what follows it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.documents.models import IssuedDocument
from jinhua_labor.notices.models import Notice
from jinhua_labor.review.models import Review
from stations.oversight.enums import (
    OPEN_REVOCATION,
    GraveLimb,
    Ground,
    ReversalCause,
    RevocationPaperSlot,
    RevocationStage,
)
from stations.registry.enums import StationState
from stations.registry.models import Ban, Station

NOT_PUT = (RevocationStage.DRAFT, RevocationStage.DROPPED)
"""What the system drafted and nobody has put forward."""
ENDED = (RevocationStage.DECIDED, RevocationStage.REVERSED)
"""A decision was made, whatever became of it."""


class RevocationQuerySet(models.QuerySet["Revocation"]):
    def visible_to(self, user: User) -> RevocationQuerySet:
        """Offices and the auditor all; the unit its own once it has been told (at once where it asked itself)."""
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            return self
        if user.role == Role.OPERATOR:
            told = Q(grounds=[Ground.G1]) | Q(notified_on__isnull=False)
            return self.filter(told, operator=user.organisation_id)
        return self.none()

    def open(self) -> RevocationQuerySet:
        return self.filter(stage__in=OPEN_REVOCATION)


class Revocation(models.Model):
    """One procedure against a station, or the unit's own wish to give it up.

    `operator` is the unit the bar falls on, whatever happens to the station later. Whether the decision is announced is
    read from `notice`; the review begins when the centre's report goes to 初审.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("编号", max_length=30)  # QXN-330703-YYYYMMDD-nnn
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="revocations")
    operator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="revocations", verbose_name="承建单位"
    )
    stage = models.CharField("状态", max_length=9, choices=RevocationStage.choices, default=RevocationStage.PROPOSED)
    former_state = models.CharField("原状态", max_length=10, choices=StationState.choices, default=StationState.ACTIVE)
    grounds = ArrayField(models.CharField(max_length=2, choices=Ground.choices), verbose_name="情形")
    facts = models.TextField("事实", max_length=2000)
    grave = models.CharField("（五）的情形", max_length=9, choices=GraveLimb.choices, blank=True)
    finding = models.CharField("核实（认定）文书或投诉编号", max_length=100, blank=True)
    verified = models.BooleanField("已核实（认定）", default=False)
    fail_years = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name="连续不合格的年度"
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposed_on = models.DateField("提出日期", null=True, blank=True)
    evidence = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="主要证据"
    )

    # 告知与陈述申辩
    notified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    notified_on = models.DateField("告知日期", null=True, blank=True)
    defence_until = models.DateField("陈述申辩截止日", null=True, blank=True)
    statement = models.TextField("陈述申辩", max_length=2000, blank=True)
    statement_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    statement_on = models.DateField("陈述申辩日期", null=True, blank=True)
    answer = models.TextField("对陈述申辩的处理", max_length=2000, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_on = models.DateField("处理日期", null=True, blank=True)

    # 决定
    review = models.OneToOneField(
        Review, on_delete=models.PROTECT, null=True, blank=True, related_name="revocation", verbose_name="两级审核"
    )
    document = models.OneToOneField(
        IssuedDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="取消决定"
    )
    ban = models.OneToOneField(Ban, on_delete=models.PROTECT, null=True, blank=True, related_name="revocation")
    notice = models.OneToOneField(
        Notice, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="公布"
    )
    closing_reason = models.CharField("不予取消、撤回或不予提出的理由", max_length=500, blank=True)
    delivered_on = models.DateField("送达日期", null=True, blank=True)
    delivered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    # 铭牌交回
    plaque_due_on = models.DateField("铭牌交回期限", null=True, blank=True)
    plaque_returned_on = models.DateField("铭牌交回日期", null=True, blank=True)
    plaque_returned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    # 决定撤销
    reversed_on = models.DateField("撤销日期", null=True, blank=True)
    reversed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reversal_cause = models.CharField("撤销途径", max_length=6, choices=ReversalCause.choices, blank=True)
    reversal_reason = models.CharField("撤销理由", max_length=500, blank=True)

    objects = RevocationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        indexes: ClassVar = [models.Index(fields=["stage", "-created_at"], name="revocation_waiting")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number"], name="revocation_number_once", violation_error_message="编号重复，请重新提交。"
            ),
            models.UniqueConstraint(
                fields=["station"],
                condition=Q(stage__in=[*OPEN_REVOCATION, RevocationStage.DECIDED]),
                name="revocation_one_open",
                violation_error_message="该工作站已有一件取消资格正在办理或已经取消。",
            ),
            models.UniqueConstraint(
                fields=["station"],
                condition=Q(stage=RevocationStage.DRAFT),
                name="revocation_one_draft",
                violation_error_message="该工作站已有一件系统拟稿的取消资格，请先处理那一件。",
            ),
            models.CheckConstraint(
                condition=Q(grounds__len__gt=0),
                name="revocation_has_ground",
                violation_error_message="取消资格至少选择第八条的一种情形。",
            ),
            models.CheckConstraint(
                condition=~Q(grounds__contains=[Ground.G1]) | Q(grounds=[Ground.G1]),
                name="revocation_g1_alone",
                violation_error_message="主动申请取消资格的，不与其他情形并列。",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=NOT_PUT) | Q(evidence__isnull=False),
                name="revocation_has_evidence",
                violation_error_message="提出取消资格须上传证据；主动申请的须上传签字盖章的申请书。",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=NOT_PUT, proposed_by__isnull=True, proposed_on__isnull=True)
                | (~Q(stage__in=NOT_PUT) & Q(proposed_by__isnull=False, proposed_on__isnull=False)),
                name="revocation_proposed_whole",
                violation_error_message="提出取消资格须记录提出人和日期。",
            ),
            models.CheckConstraint(
                condition=~Q(grounds__contains=[Ground.G5]) | (Q(verified=True) & ~Q(grave="") & ~Q(finding="")),
                name="revocation_g5_verified",
                violation_error_message="以（五）为由的，事故须经认定、投诉须已核实，并写明文书或编号。",
            ),
            models.CheckConstraint(
                condition=Q(notified_on__isnull=True, notified_by__isnull=True, defence_until__isnull=True)
                | Q(
                    notified_on__isnull=False,
                    notified_by__isnull=False,
                    defence_until__isnull=False,
                    defence_until__gt=F("notified_on"),
                ),
                name="revocation_notified_whole",
                violation_error_message="告知须同时记录经办人、日期和陈述申辩截止日。",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[RevocationStage.NOTIFIED, RevocationStage.REPORTED, *ENDED])
                | Q(grounds=[Ground.G1])
                | Q(notified_on__isnull=False),
                name="revocation_told_before",
                violation_error_message="除主动申请外，作出决定前须书面告知事实、理由和陈述申辩的权利。",
            ),
            models.CheckConstraint(
                condition=Q(statement="", statement_by__isnull=True, statement_on__isnull=True)
                | (~Q(statement="") & Q(statement_by__isnull=False, statement_on__isnull=False)),
                name="revocation_statement_whole",
                violation_error_message="陈述申辩须同时记录内容、经办人和日期。",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_on__isnull=True)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_on__isnull=False)),
                name="revocation_answer_whole",
                violation_error_message="对陈述申辩的处理须同时记录内容、经办人和日期。",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[RevocationStage.REPORTED, *ENDED]) | Q(grounds=[Ground.G1]) | ~Q(answer=""),
                name="revocation_heard_before",
                violation_error_message="陈述申辩处理完毕后才能报审。",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[RevocationStage.REPORTED, *ENDED]) | Q(review__isnull=False),
                name="revocation_is_reviewed",
                violation_error_message="取消资格须经区就业服务中心初审、区人社局决定。",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=ENDED, document__isnull=False, ban__isnull=False, notice__isnull=False)
                | (~Q(stage__in=ENDED) & Q(document__isnull=True, ban__isnull=True, notice__isnull=True)),
                name="revocation_decided_whole",
                violation_error_message="取消决定须同时有决定文书、不得申报期限和公布。",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[RevocationStage.DISMISSED, RevocationStage.WITHDRAWN, RevocationStage.DROPPED])
                | ~Q(closing_reason=""),
                name="revocation_closed_has_reason",
                violation_error_message="不予取消、撤回或不予提出须写明理由。",
            ),
            models.CheckConstraint(
                condition=Q(delivered_on__isnull=True, delivered_by__isnull=True)
                | Q(delivered_on__isnull=False, delivered_by__isnull=False, document__isnull=False),
                name="revocation_delivered_whole",
                violation_error_message="送达须在决定之后，并记录经办人和日期。",
            ),
            models.CheckConstraint(
                condition=Q(plaque_returned_on__isnull=True, plaque_returned_by__isnull=True)
                | Q(plaque_returned_on__isnull=False, plaque_returned_by__isnull=False, plaque_due_on__isnull=False),
                name="revocation_plaque_whole",
                violation_error_message="铭牌交回须记录经办人和日期。",
            ),
            models.CheckConstraint(
                condition=(
                    Q(stage=RevocationStage.REVERSED, reversed_on__isnull=False, reversed_by__isnull=False)
                    & ~Q(reversal_cause="")
                    & ~Q(reversal_reason="")
                )
                | (
                    ~Q(stage=RevocationStage.REVERSED)
                    & Q(reversed_on__isnull=True, reversed_by__isnull=True, reversal_cause="", reversal_reason="")
                ),
                name="revocation_reversed_whole",
                violation_error_message="撤销决定须记录途径、理由、经办人和日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station.name}取消资格"

    def get_absolute_url(self) -> str:
        return reverse("oversight:revocation", args=[self.pk])

    @property
    def voluntary(self) -> bool:
        """主动申请: no notice and no defence; the bar is the same (R-35)."""
        return self.grounds == [Ground.G1]

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN_REVOCATION

    @property
    def ground_labels(self) -> list[str]:
        return [Ground(ground).label for ground in self.grounds]

    @property
    def announced_on(self) -> dt.date | None:
        """公布日期, once a second person has released the notice."""
        at = self.notice.released_at if self.notice else None
        return timezone.localdate(at) if at else None


class RevocationPaper(models.Model):
    """A file of the procedure; which of them the unit may open is the file's own audience."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revocation = models.ForeignKey(Revocation, on_delete=models.PROTECT, related_name="papers")
    slot = models.CharField("材料", max_length=12, choices=RevocationPaperSlot.choices)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["slot", "added_at", "id"]
