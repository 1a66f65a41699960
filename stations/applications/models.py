"""设立申请: 附件1, the papers beside it, defects and judgements, the frozen count, the document that establishes."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.documents.models import IssuedDocument
from jinhua_labor.review.models import Review, ReviewEvent
from stations.registry.enums import PartnerKind
from stations.registry.models import Station
from stations.roster.models import RosterList

from .enums import Channel, Condition, CreditCheck, Side, Slot, SnapshotStage, TargetKind, Tenure, Verdict


class EstablishmentBatchQuerySet(models.QuerySet["EstablishmentBatch"]):
    def visible_to(self, user: User) -> EstablishmentBatchQuerySet:
        """The bureau issues documents; the centre and the auditor may look."""
        return self if user.role in OFFICE_ROLES or user.role == Role.AUDITOR else self.none()


class EstablishmentBatch(models.Model):
    """Several approved applications, one 设立文件 (第五条 分批办理): all established or none (R-17, R-19)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField("文件标题", max_length=120)
    main_to = models.CharField("主送机关", max_length=200, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    document = models.OneToOneField(
        IssuedDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="设立文件"
    )
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField("发文登记时间", null=True, blank=True)

    objects = EstablishmentBatchQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(document__isnull=True, issued_by__isnull=True, issued_at__isnull=True)
                | Q(document__isnull=False, issued_by__isnull=False, issued_at__isnull=False),
                name="establishment_issued_whole",
                violation_error_message="发文须同时登记文件、经办人和时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("applications:batch", args=[self.pk])


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: User) -> ApplicationQuerySet:
        """The applications whose review this person may see."""
        return self.filter(review__in=Review.objects.visible_to(user))


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent(), exclude=["review", "roster_list"])
class Application(models.Model):
    """《金东区劳务协作工作站设立申请表》 (附件1) and what stands beside the printed form."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="application")
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    channel = models.CharField("渠道", max_length=8, choices=Channel.choices, default=Channel.ONLINE)
    roster_list = models.OneToOneField(RosterList, on_delete=models.PROTECT, related_name="application")
    created_at = models.DateTimeField(default=timezone.now)

    # 附件1, in the notice's order
    area_province = models.CharField("省外劳务协作地区（省）", max_length=2, blank=True)
    area_city = models.CharField("省外劳务协作地区（市、州）", max_length=40, blank=True)
    area_county = models.CharField("省外劳务协作地区（县、市、区）", max_length=40, blank=True)
    head = models.CharField("申请机构负责人", max_length=50, blank=True)
    head_phone = models.CharField("申请机构负责人联系电话", max_length=20, blank=True)
    partner_name = models.CharField("合作机构名称", max_length=100, blank=True)
    partner_head = models.CharField("合作机构负责人", max_length=50, blank=True)
    partner_phone = models.CharField("合作机构联系电话", max_length=20, blank=True)
    station_address = models.CharField("劳务协作工作站地址", max_length=200, blank=True)
    term_to = models.DateField("申请经营期限至", null=True, blank=True)
    profile = models.TextField("劳务协作工作站简介", max_length=2000, blank=True)

    # Off the printed form
    legal_rep = models.CharField("法定代表人", max_length=50, blank=True)
    licence_no = models.CharField("人力资源服务许可证编号", max_length=40, blank=True)
    licence_issuer = models.CharField("发证机关", max_length=60, blank=True)
    licence_from = models.DateField("许可证有效期起", null=True, blank=True)
    licence_to = models.DateField("许可证有效期止（长期留空）", null=True, blank=True)
    partner_kind = models.CharField("合作机构性质", max_length=16, choices=PartnerKind.choices, blank=True)
    agreement_signed_on = models.DateField("协议签订日期", null=True, blank=True)
    agreement_from = models.DateField("协议有效期起", null=True, blank=True)
    agreement_to = models.DateField("协议有效期止", null=True, blank=True)
    agreement_measures = models.TextField("协议主要措施", max_length=1000, blank=True)
    liaison_name = models.CharField("对接专人", max_length=50, blank=True)
    liaison_phone = models.CharField("对接专人联系电话", max_length=20, blank=True)

    # 申请机构承诺
    pledged_by_name = models.CharField("机构法人签名", max_length=50, blank=True)
    pledged_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pledged_at = models.DateTimeField("承诺时间", null=True, blank=True)

    # The office
    credit_check = models.CharField("信用核查", max_length=8, choices=CreditCheck.choices, blank=True)
    credit_note = models.CharField("信用核查说明", max_length=200, blank=True)
    filing_no = models.CharField("备案号", max_length=30, blank=True)
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    filed_at = models.DateTimeField("备案时间", null=True, blank=True)
    batch = models.ForeignKey(
        EstablishmentBatch, on_delete=models.SET_NULL, null=True, blank=True, related_name="applications"
    )  # an unissued batch may be dissolved
    station = models.OneToOneField(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="application", verbose_name="工作站"
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["filing_no"],
                condition=~Q(filing_no=""),
                name="filing_no_once",
                violation_error_message="备案号重复。",
            ),
            models.CheckConstraint(
                condition=Q(filing_no="", filed_by__isnull=True, filed_at__isnull=True)
                | (~Q(filing_no="") & Q(filed_by__isnull=False, filed_at__isnull=False)),
                name="filing_whole",
                violation_error_message="备案须同时登记备案号、经办人和时间。",
            ),
            models.CheckConstraint(
                condition=Q(pledged_at__isnull=True, pledged_by__isnull=True, pledged_by_name="")
                | (Q(pledged_at__isnull=False, pledged_by__isnull=False) & ~Q(pledged_by_name="")),
                name="pledge_whole",
                violation_error_message="承诺须同时记录签名、经办人和时间。",
            ),
            models.CheckConstraint(
                condition=Q(station__isnull=True) | (Q(batch__isnull=False) & ~Q(filing_no="")),
                name="established_was_filed",
                violation_error_message="未经备案和发文的申请不能设立工作站。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator.name}设立申请"

    def get_absolute_url(self) -> str:
        return reverse("applications:file", args=[self.pk])


class Site(models.Model):
    """An actual place of work, in 金东 or in the area of origin (第三条（二）, R-10)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="sites")  # a draft's part
    side = models.CharField("场所", max_length=8, choices=Side.choices)
    province = models.CharField("省", max_length=2, blank=True)
    city = models.CharField("市（州）", max_length=40, blank=True)
    county = models.CharField("县（市、区）", max_length=40, blank=True)
    address = models.CharField("详细地址", max_length=200, blank=True)
    tenure = models.CharField("使用方式", max_length=8, choices=Tenure.choices, blank=True)
    lease_from = models.DateField("使用期限起", null=True, blank=True)
    lease_to = models.DateField("使用期限止", null=True, blank=True)
    facilities = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name="办公设施")
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField("核查时间", null=True, blank=True)
    check_note = models.CharField("核查情况", max_length=200, blank=True)
    added_at = models.DateTimeField("添加时间", default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-side", "added_at", "id"]  # a site added later never stands before one filled in
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(lease_from__isnull=True) | Q(lease_to__isnull=True) | Q(lease_to__gte=F("lease_from")),
                name="site_lease_in_order",
                violation_error_message="使用期限的截止日期不能早于起始日期。",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True)
                | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="site_checked_whole",
                violation_error_message="核查须同时记录经办人和时间。",
            ),
        ]


class Material(models.Model):
    """A file in a slot of the seven materials (第四条, R-15). Replaced ones stay once the file was handed in (R-71)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="materials")  # a draft's part
    slot = models.CharField("材料", max_length=6, choices=Slot.choices)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, blank=True, related_name="materials")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField("替换时间", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["slot", "added_at", "id"]
        indexes: ClassVar = [models.Index(fields=["application", "slot"], name="material_of_slot")]


class PaperReceipt(models.Model):
    """Paper copies the counter ticked against 2/2/2/2/1/1/2 (第四条, 窗口)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="paper")
    material = models.PositiveSmallIntegerField("材料序号")  # 1 … 7
    copies = models.PositiveSmallIntegerField("已收份数")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["material"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "material"], name="paper_once", violation_error_message="该项纸质材料已登记。"
            ),
            models.CheckConstraint(
                condition=Q(material__gte=1, material__lte=7),
                name="paper_of_seven",
                violation_error_message="材料序号为1至7。",
            ),
        ]


class SubmissionReceipt(models.Model):
    """收件回执 of one hand-in: the PDF as it was given out; what it says is frozen in the event it belongs to."""

    event = models.OneToOneField(ReviewEvent, on_delete=models.PROTECT, primary_key=True, related_name="receipt")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="receipts")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField("出具时间", default=timezone.now)

    class Meta:
        ordering: ClassVar = ["event_id"]


class SupplementNotice(models.Model):
    """补正通知书: all defects at once (一次性告知, R-16)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="supplement_notices")
    round = models.PositiveSmallIntegerField("第几次")
    due_on = models.DateField("补正期限")
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now)
    override_reason = models.CharField("再次告知旧问题的理由", max_length=200, blank=True)
    override_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["round"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "round"],
                name="supplement_round_once",
                violation_error_message="该次补正通知已发出。",
            ),
            models.CheckConstraint(
                condition=Q(override_reason="", override_by__isnull=True)
                | (~Q(override_reason="") & Q(override_by__isnull=False)),
                name="supplement_override_whole",
                violation_error_message="再次告知旧问题须由同事写明理由。",
            ),
        ]


class Defect(models.Model):
    """有问题: one mark on a field, a material or a roster row; the marks of a round make one 补正通知书."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="defects")
    notice = models.ForeignKey(
        SupplementNotice, on_delete=models.PROTECT, null=True, blank=True, related_name="defects"
    )
    kind = models.CharField(max_length=8, choices=TargetKind.choices)
    target = models.CharField(max_length=80)  # field name (site:<uuid>:<field>), slot (M6:<site uuid>), delivery uuid
    label = models.CharField("位置", max_length=120)
    text = models.CharField("问题与要求", max_length=200)
    before = models.TextField("告知时的内容", blank=True)  # so the centre sees what changed; rows: masked, no numbers
    marked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField("改正时间", null=True, blank=True)
    answer = models.CharField("申请人说明", max_length=200, blank=True)  # where nothing can be changed, why

    class Meta:
        ordering: ClassVar = ["marked_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "kind", "target"],
                condition=Q(notice__isnull=True),
                name="defect_once_in_tray",
                violation_error_message="这一处已经标记，请修改原来的说明。",
            ),
        ]


class Judgement(models.Model):
    """The centre's 符合/不符合 per condition R-09 … R-13, with the words for a 不符合."""

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="judgements")
    condition = models.CharField(max_length=2, choices=Condition.choices)
    part = models.CharField(max_length=8, blank=True)  # C3 judges three documents: RULES, PACT, PLAN
    verdict = models.CharField("判断", max_length=5, choices=Verdict.choices)
    reason = models.CharField("说明", max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["condition", "part"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "condition", "part"],
                name="judgement_once",
                violation_error_message="该条件已有判断。",
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.MET) | ~Q(reason=""),
                name="judgement_unmet_has_reason",
                violation_error_message="判断为不符合时必须写明理由。",
            ),
        ]


class CountSnapshot(models.Model):
    """The 50-worker count as it stood at 初审 and again at 审核: people, codes, policy, hash; never changed (R-12)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="snapshots")
    stage = models.CharField(max_length=8, choices=SnapshotStage.choices)
    as_of = models.DateField("截至日期")
    policy_version = models.CharField("适用版本", max_length=20)
    certainty = models.CharField(max_length=12)
    raw = models.PositiveIntegerField("原始行数")
    counted = models.PositiveIntegerField("计入人数")
    pending = models.PositiveIntegerField("待核人数")
    excluded = models.PositiveIntegerField("不计人数")
    rows = models.JSONField()  # [[delivery id, person id, status, [codes], qualified_on]]; no name, no number
    sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["taken_at", "id"]
        triggers: ClassVar = [
            pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
