"""The station itself, the operator's papers, the employers it delivers to, and who is barred."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.core.fields import EncryptedTextField
from jinhua_labor.documents.models import IssuedDocument

from .enums import PUBLIC_STATES, PaperKind, PaperOrigin, Side, StationState, Tenure

if TYPE_CHECKING:
    import datetime as dt


class OperatorProfile(models.Model):
    """The operator's standing data (营业执照, 许可证): given once, offered again in every later form."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, primary_key=True, related_name="profile"
    )
    legal_rep = models.CharField("法定代表人", max_length=50, blank=True)
    legal_rep_id = EncryptedTextField(
        "法定代表人身份证号", context="operatorprofile.legal_rep_id", null=True, blank=True
    )
    head = models.CharField("申请机构负责人", max_length=50, blank=True)
    head_phone = models.CharField("联系电话", max_length=20, blank=True)
    registered_address = models.CharField("住所", max_length=200, blank=True)
    licence_no = models.CharField("人力资源服务许可证编号", max_length=40, blank=True)
    licence_issuer = models.CharField("发证机关", max_length=60, blank=True)
    licence_from = models.DateField("许可证有效期起", null=True, blank=True)
    licence_to = models.DateField("许可证有效期止", null=True, blank=True, help_text="长期有效的留空")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(licence_to__isnull=True)
                | Q(licence_from__isnull=True)
                | Q(licence_to__gte=F("licence_from")),
                name="profile_licence_dates",
                violation_error_message="许可证有效期的截止日期不能早于起始日期。",
            ),
        ]


class EmployerQuerySet(models.QuerySet["Employer"]):
    def visible_to(self, user: User) -> EmployerQuerySet:
        """Offices and the auditor see all employers; an operator those it delivered to or named itself."""
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            return self
        if user.role == Role.OPERATOR:
            return self.filter(aliases__operator=user.organisation_id).distinct()
        return self.none()


class Employer(models.Model):
    """用工企业, known by its credit code; whether it is a 金东 用人主体 decides E08."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("企业名称", max_length=100)
    credit_code = models.CharField("统一社会信用代码", max_length=18)
    in_district = models.BooleanField("注册地在金东区", default=True)
    has_dispatch_licence = models.BooleanField("有劳务派遣经营许可", default=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = EmployerQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["credit_code"],
                name="employer_once",
                violation_error_message="该信用代码的企业已登记，请直接选用。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EmployerAlias(models.Model):
    """How an operator writes an employer's name in its rosters: matched once to a credit code and remembered."""

    operator = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="employer_aliases")  # its memory
    text = models.CharField("名册中的写法", max_length=100)  # as core.text.match_key gives it
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="aliases")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["operator", "text"], name="employer_alias_once", violation_error_message="该名称已对应到企业。"
            ),
        ]


class KeyEmployer(models.Model):
    """区内重点企业 of a year, kept by the bureau (第三条（五）, G-43)."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="key_years")
    year = models.PositiveSmallIntegerField("年度")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-year", "employer__name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["employer", "year"],
                name="key_employer_once",
                violation_error_message="该企业已在本年度名单中。",
            ),
        ]


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


class BanQuerySet(models.QuerySet["Ban"]):
    def visible_to(self, user: User) -> BanQuerySet:
        """Offices and the auditor; a barred unit reads its own bar where it applies."""
        return self if user.role in OFFICE_ROLES or user.role == Role.AUDITOR else self.none()

    def in_force(self, credit_code: str, day: dt.date) -> BanQuerySet:
        """The bans of this unit on this day, its last day included (R-35)."""
        return self.filter(credit_code=credit_code, decided_on__lte=day, last_day__gte=day, lifted_on__isnull=True)


class Ban(models.Model):
    """2年内不得重新申报 (第八条): by credit code, through the exact last day (R-35)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    credit_code = models.CharField("统一社会信用代码", max_length=18)
    organisation_name = models.CharField("单位名称", max_length=100)
    decided_on = models.DateField("取消决定日期")
    last_day = models.DateField("不得申报截止日")
    document_no = models.CharField("决定文号", max_length=40, blank=True)
    lifted_on = models.DateField("解除日期", null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = BanQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-decided_on"]
        indexes: ClassVar = [models.Index(fields=["credit_code", "last_day"], name="ban_of_unit")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(last_day__gt=F("decided_on")),
                name="ban_ends_later",
                violation_error_message="截止日必须晚于决定日期。",
            ),
        ]


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
