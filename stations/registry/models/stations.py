"""省外劳务协作工作站 (第一条), and its 专人 (R-22)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.documents.models import IssuedDocument
from stations.registry.enums import PUBLIC_STATES, StationState

if TYPE_CHECKING:
    pass


class StationQuerySet(models.QuerySet["Station"]):
    def visible_to(self, user: User) -> StationQuerySet:
        """An operator its own stations; offices and auditor all; others none (the directory is `public()`)."""
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            return self
        if user.role == Role.OPERATOR:
            return self.filter(operator=user.organisation_id)
        return self.none()

    def public(self) -> StationQuerySet:
        """What the directory shows to everyone."""
        return self.filter(state__in=PUBLIC_STATES)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Station(models.Model):
    """省外劳务协作工作站 (第一条): exists from the day of its establishing document (R-01, R-19)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("站点编号", max_length=16)  # JD-YYYY-nnn
    name = models.CharField("工作站名称", max_length=150)
    operator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="stations", verbose_name="承建单位"
    )
    area_province = models.CharField("协作省份", max_length=2)
    area_city = models.CharField("协作市（州）", max_length=40, blank=True)
    area_county = models.CharField("协作县（市、区）", max_length=40, blank=True)
    area_key = models.CharField(max_length=140)  # province|city|county after NFKC, without spaces
    address = models.CharField("工作站地址", max_length=200)
    partner_name = models.CharField("合作机构", max_length=100)
    profile = models.TextField("简介", max_length=2000, blank=True)
    term_from = models.DateField("经营期限起")
    term_to = models.DateField("经营期限止")
    filing_no = models.CharField("备案号", max_length=30)
    document = models.ForeignKey(IssuedDocument, on_delete=models.PROTECT, related_name="+", verbose_name="设立文件")
    established_on = models.DateField("设立日期")
    state = models.CharField("状态", max_length=10, choices=StationState.choices, default=StationState.ACTIVE)
    term_reminded = models.DateField("已提醒的期限", null=True, blank=True)  # the `term_to` the unit was reminded of
    plaque_no = models.CharField("铭牌编号", max_length=40, blank=True)
    plaque_on = models.DateField("挂牌日期", null=True, blank=True)
    plaque_photo = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    plaque_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = StationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-established_on", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number"], name="station_number_once", violation_error_message="站点编号重复。"
            ),
            models.UniqueConstraint(
                fields=["operator", "area_key"],
                condition=~Q(state__in=[StationState.REVOKED, StationState.EXPIRED]),
                name="station_one_per_area",
                violation_error_message="该单位在此地区已有工作站。",
            ),
            models.CheckConstraint(
                condition=~Q(area_province="33"),
                name="station_area_outside",
                violation_error_message="劳务协作地区须为省外。",
            ),
            models.CheckConstraint(
                condition=Q(plaque_on__isnull=True, plaque_by__isnull=True, plaque_no="")
                | (Q(plaque_on__isnull=False, plaque_by__isnull=False) & ~Q(plaque_no="")),
                name="station_plaque_whole",
                violation_error_message="挂牌须同时登记铭牌编号、日期和经办人。",
            ),
            models.CheckConstraint(
                condition=Q(plaque_on__isnull=True) | Q(plaque_on__gte=F("established_on")),
                name="station_plaque_after_document",
                violation_error_message="挂牌日期不能早于设立日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("registry:station", args=[self.pk])

    @property
    def awaits_plaque(self) -> bool:
        """待挂牌: established, but the plaque is not recorded yet; delays no right (R-01)."""
        return self.plaque_on is None and self.state in PUBLIC_STATES


class Liaison(models.Model):
    """专人 of a station (第六条（三）): at most one at any instant; a gap is an alert, not an error (R-22)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="liaisons")
    name = models.CharField("对接专人", max_length=50)
    phone = models.CharField("联系电话", max_length=20)
    since = models.DateField("任职起")
    until = models.DateField("任职止", null=True, blank=True)  # the last day, included
    account = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登录账号"
    )

    class Meta:
        ordering: ClassVar = ["-since"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="liaison_one_at_a_time",
                expressions=[
                    ("station", RangeOperators.EQUAL),
                    (
                        Func(
                            F("since"),
                            F("until"),
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="同一时间只能有一名对接专人，请先填写前任的任职截止日期。",
            ),
        ]
