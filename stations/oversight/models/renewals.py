"""续期 of a station (附件1 经营期限; R-19, G-31): the short application, its review, and the document that ends it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.documents.models import IssuedDocument
from jinhua_labor.review.models import Review
from stations.oversight.enums import OPEN_RENEWAL, RenewalState
from stations.registry.models import Station, StationPaper


class RenewalQuerySet(models.QuerySet["Renewal"]):
    def visible_to(self, user: User) -> RenewalQuerySet:
        """Offices and the auditor all; a unit what it asked for, and what was asked for its stations before."""
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            return self
        if user.role == Role.OPERATOR:
            return self.filter(Q(operator=user.organisation_id) | Q(station__operator=user.organisation_id))
        return self.none()

    def open(self) -> RenewalQuerySet:
        return self.filter(state__in=OPEN_RENEWAL)


class Renewal(models.Model):
    """One request for a longer 经营期限. The agreement is a version of the station's file, never a file of its own.

    `submitted_on` is the day of the first submission: it decides whether the request came in time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("受理编号", max_length=30)  # XQ-330703-YYYYMMDD-nnn
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="renewals")
    operator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="renewals", verbose_name="申请单位"
    )
    state = models.CharField("状态", max_length=9, choices=RenewalState.choices, default=RenewalState.SUBMITTED)
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="renewal", verbose_name="两级审核")
    term_was = models.DateField("原经营期限止")
    term_to = models.DateField("申请的经营期限止")
    unchanged = models.BooleanField("其他事项没有变化", default=False)
    changes = models.CharField("变化的事项", max_length=1000, blank=True)
    agreement = models.ForeignKey(
        StationPaper, on_delete=models.PROTECT, related_name="renewals", verbose_name="劳务协作协议"
    )
    submitted_on = models.DateField("首次提交日期")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    # What the unit is told when it comes back or is refused
    answer = models.CharField("补正内容或不予续期的理由", max_length=500, blank=True)
    clause = models.CharField("依据", max_length=60, blank=True)
    remedy = models.CharField("救济途径", max_length=300, blank=True)

    # 发文
    document = models.OneToOneField(
        IssuedDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="renewal", verbose_name="续期批复"
    )
    term_from = models.DateField("续期起", null=True, blank=True)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField("登记发文时间", null=True, blank=True)

    objects = RenewalQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        indexes: ClassVar = [models.Index(fields=["state", "created_at"], name="renewal_waiting")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number"], name="renewal_number_once", violation_error_message="受理编号重复，请重新提交。"
            ),
            models.UniqueConstraint(
                fields=["station"],
                condition=Q(state__in=list(OPEN_RENEWAL)),
                name="renewal_one_open",
                violation_error_message="该工作站已有一件续期正在办理，请先办结或撤回那一件。",
            ),
            models.CheckConstraint(
                condition=Q(term_to__gt=F("term_was")),
                name="renewal_is_longer",
                violation_error_message="新的经营期限须晚于原经营期限。",
            ),
            models.CheckConstraint(
                condition=Q(unchanged=True, changes="") | (Q(unchanged=False) & ~Q(changes="")),
                name="renewal_says_what_changed",
                violation_error_message="请说明其他事项没有变化，或者写明变化的事项。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RenewalState.RETURNED, RenewalState.REFUSED]) | ~Q(answer=""),
                name="renewal_returned_has_reason",
                violation_error_message="退回补正或不予续期须写明理由。",
            ),
            models.CheckConstraint(
                condition=(Q(state=RenewalState.REFUSED) & ~Q(clause="") & ~Q(remedy=""))
                | (~Q(state=RenewalState.REFUSED) & Q(clause="", remedy="")),
                name="renewal_refused_has_clause",
                violation_error_message="不予续期须写明依据和救济途径。",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=RenewalState.ISSUED,
                    document__isnull=False,
                    term_from__isnull=False,
                    issued_by__isnull=False,
                    issued_at__isnull=False,
                )
                | (
                    ~Q(state=RenewalState.ISSUED)
                    & Q(document__isnull=True, term_from__isnull=True, issued_by__isnull=True, issued_at__isnull=True)
                ),
                name="renewal_issued_whole",
                violation_error_message="已续期的须同时记录批复、续期起日、经办人和时间。",
            ),
            models.CheckConstraint(
                condition=Q(term_from__isnull=True) | Q(term_from__gt=F("term_was"), term_from__lte=F("term_to")),
                name="renewal_follows_the_term",
                violation_error_message="续期须接在原经营期限之后，且不晚于新的截止日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station.name}续期"

    def get_absolute_url(self) -> str:
        return reverse("oversight:renewal", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_RENEWAL
