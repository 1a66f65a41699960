"""附件2 as data: people, what was delivered, how it came in, what social insurance says."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.core.fields import BlindIndexField, EncryptedTextField
from jinhua_labor.jobs.models import Job
from jinhua_labor.review.models import Review
from stations.registry.models import Employer, Station

from .enums import BatchState, CountStatus, Decision, EmploymentForm, StagedState
from .triggers import referred_to, refers

ID_CONTEXT = "person.id_number"  # authenticated with every ciphertext: rows move from staging without re-encrypting
ID_PURPOSE = "person.id_number"  # of the keyed hash by which a person is found
RAW_CONTEXT = "stagedrow.raw"


class Person(models.Model):
    """务工人员, one row per citizen number (R-07). Reached only through deliveries somebody may see."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    id_number = EncryptedTextField("公民身份号码", context=ID_CONTEXT)
    id_index = BlindIndexField()
    last4 = models.CharField("身份证后四位", max_length=4)
    id_province = models.CharField("号码前两位", max_length=2)
    sex = models.CharField("性别", max_length=1, choices=[("M", "男"), ("F", "女")])
    birth = models.DateField("出生日期")
    si_checked_to = models.IntegerField(
        "社保已查至", null=True, blank=True
    )  # yyyymm of the last month asked for
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id_index"], name="person_once", violation_error_message="该人员已登记。"),
        ]
        triggers: ClassVar = [referred_to("person_id")]

    def __str__(self) -> str:
        return self.masked_id

    @property
    def masked_id(self) -> str:
        return f"**************{self.last4}"


pgtrigger.register(referred_to("employer_id"))(Employer)


class RosterListQuerySet(models.QuerySet["RosterList"]):
    def visible_to(self, user: User) -> RosterListQuerySet:
        """An operator its own lists; offices and the auditor those whose application they may see."""
        if user.role == Role.OPERATOR:
            return self.filter(operator=user.organisation_id)
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            return self.filter(application__review__in=Review.objects.visible_to(user))
        return self.none()


class RosterList(models.Model):
    """累计输送劳动力名册 of one application: the head of 附件2, the lock of SUBMIT, and the count as it stands.

    A lower room knows the application only by what stands here: `locked_at` closes the list, `open_rows` names the
    rows that a 补正通知书 opened again, `created_by` is the clerk where the list came in at the counter.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="roster_lists")
    filler = models.CharField("填表人", max_length=50, blank=True)
    filler_phone = models.CharField("联系电话", max_length=20, blank=True)
    filled_on = models.DateField("填报日期", null=True, blank=True)
    locked_at = models.DateTimeField("锁定时间", null=True, blank=True)
    open_rows = ArrayField(models.UUIDField(), default=list, blank=True, verbose_name="可更正的行")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    # The count, written by recount only, so that no page has to add up 100 000 rows.
    rows = models.PositiveIntegerField("原始行数", default=0)
    persons = models.PositiveIntegerField("不同人员", default=0)
    counted = models.PositiveIntegerField("计入人数", default=0)
    pending = models.PositiveIntegerField("待核人数", default=0)
    excluded = models.PositiveIntegerField("不计行数", default=0)
    by_code = models.JSONField("各原因行数", default=dict, blank=True)
    counted_as_of = models.DateField("核算截至", null=True, blank=True)
    counted_at = models.DateTimeField("核算时间", null=True, blank=True)
    recount_due = models.BooleanField("待核算", default=False)  # rows changed and the recount has not run yet

    objects = RosterListQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["operator", "-created_at"], name="roster_list_of_operator"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(rows=F("counted") + F("pending") + F("excluded")),
                name="roster_tally_adds_up",
                violation_error_message="名册的计入、待核、不计之和与行数不一致。",
            ),
            models.CheckConstraint(
                condition=Q(open_rows=[]) | Q(locked_at__isnull=False),
                name="roster_open_rows_only_when_locked",
                violation_error_message="名册未锁定时不存在单独开放的行。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator.name}输送名册"

    def get_absolute_url(self) -> str:
        return reverse("roster:list", args=[self.pk])

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, user: User) -> ImportBatchQuerySet:
        """An operator the imports of its own; a counter clerk those he started; others look at the list instead."""
        if user.role == Role.OPERATOR:
            return self.filter(operator=user.organisation_id)
        if user.role == Role.CENTRE:
            return self.filter(roster_list__created_by=user.pk)
        return self.none()


class ImportBatch(models.Model):
    """One uploaded roster file on its way from 选文件 through 核对 to 提交."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="import_batches")
    roster_list = models.ForeignKey(RosterList, on_delete=models.PROTECT, related_name="batches")
    file = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")  # progress only
    state = models.CharField("状态", max_length=10, choices=BatchState.choices, default=BatchState.READING)
    problem = models.CharField("未能读取的原因", max_length=300, blank=True)
    sheet = models.CharField("工作表", max_length=60, blank=True)
    header = models.JSONField(default=dict, blank=True)  # column letter → field, header row, other candidate sheets
    default_form = models.CharField("用工形式", max_length=12, choices=EmploymentForm.choices, blank=True)
    consent_version = models.CharField("告知同意文本版本", max_length=10, blank=True)
    consent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    consent_at = models.DateTimeField("告知同意声明时间", null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    committed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    committed_at = models.DateTimeField("提交时间", null=True, blank=True)
    committed_rows = models.PositiveIntegerField(default=0)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=BatchState.COMMITTED, committed_at__isnull=False, committed_by__isnull=False)
                | (~Q(state=BatchState.COMMITTED) & Q(committed_at__isnull=True, committed_by__isnull=True)),
                name="batch_committed_has_at",
                violation_error_message="名册提交状态与提交时间不一致。",
            ),
            # 个人信息保护法第23条: no row reaches the centre without the declaration.
            models.CheckConstraint(
                condition=~Q(state=BatchState.COMMITTED)
                | (
                    ~Q(default_form="") & ~Q(consent_version="") & Q(consent_at__isnull=False, consent_by__isnull=False)
                ),
                name="batch_committed_has_declaration",
                violation_error_message="请先声明用工形式并确认已逐人告知并取得单独同意。",
            ),
        ]

    def __str__(self) -> str:
        return f"名册导入 {self.created_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("roster:import", args=[self.pk])


class StagedRow(models.Model):
    """A row of an uploaded file before it is committed; what cannot be committed stays here with its problems."""

    id = models.BigAutoField(primary_key=True)
    # Goes with its file. Written by one COPY under the batch's lock, so neither a check per row nor an index of its own
    # (the unique key leads with it): both would be a third of the time of an import.
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, related_name="rows", db_constraint=False, db_index=False
    )
    row_no = models.PositiveIntegerField("行号")
    uid = models.UUIDField(default=uuid.uuid4)  # what the delivery, and the person if he is new, will be called
    state = models.CharField(max_length=8, choices=StagedState.choices)
    # [[code, column, field, message, severity]]; NULL for most rows: nothing to write, nothing to parse
    problems = models.JSONField(null=True, blank=True)
    raw = EncryptedTextField(context=RAW_CONTEXT, null=True, blank=True)  # cells as typed (JSON), kept for bad rows
    name = models.CharField(max_length=50, blank=True)
    id_number = EncryptedTextField(context=ID_CONTEXT, null=True, blank=True)
    id_index = BlindIndexField(null=True, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    id_province = models.CharField(max_length=2, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    birth = models.DateField(null=True, blank=True)
    hukou_text = models.CharField(max_length=100, blank=True)
    hukou_province = models.CharField(max_length=2, blank=True)
    employer_text = models.CharField(max_length=100, blank=True)
    employer_key = models.CharField(max_length=100, blank=True)
    employer = models.ForeignKey(
        Employer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name="对应企业",
    )  # from the operator's aliases; the delivery's own reference is checked
    entry_on = models.DateField(null=True, blank=True)
    form = models.CharField(
        max_length=12, choices=EmploymentForm.choices, db_default="", blank=True
    )  # else the batch's
    extras = models.JSONField(null=True, blank=True)  # post, education, skill, certificate_no, leave_on
    asks = models.JSONField(null=True, blank=True)  # what it resembles: a delivery, or an earlier row of the file
    decision = models.CharField(max_length=8, choices=Decision.choices, db_default="", blank=True)  # where the row asks

    class Meta:
        ordering: ClassVar = ["row_no", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["batch", "row_no"], name="staged_row_once", violation_error_message="该行已读入。"
            ),
        ]

    def __str__(self) -> str:
        return f"第 {self.row_no} 行"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: User) -> DeliveryQuerySet:
        """An operator its own rows; offices and auditor those of lists handed in or imported to stations."""
        if user.role == Role.OPERATOR:
            return self.filter(operator=user.organisation_id)
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            lists = RosterList.objects.visible_to(user).values("pk")
            return self.filter(Q(roster_list__in=lists) | Q(station__isnull=False))
        return self.none()


@pghistory.track(
    pghistory.UpdateEvent(
        row="OLD",  # what stood there before; what stands there now is the row itself
        condition=pghistory.AnyChange(
            "name",
            "person",
            "hukou_text",
            "hukou_province",
            "employer",
            "entry_on",
            "employment_form",
            "leave_on",
            "station",
            "roster_list",
        ),
    ),
    pghistory.DeleteEvent(),
    exclude=["codes", "flags", "counted_at"],
)
class Delivery(models.Model):
    """输送: a person delivered by an operator to an employer on a day (附件2). Raw; who counts is `status` (R-02)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # None of these has PostgreSQL's check per row or an index of its own: `triggers.refers` checks once a statement,
    # `delivery_once` leads with the person and `delivery_of_list` with the list.
    operator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="deliveries", db_index=False, db_constraint=False
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="deliveries", db_index=False, db_constraint=False
    )
    employer = models.ForeignKey(
        Employer,
        on_delete=models.PROTECT,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,
        verbose_name="入职企业",
    )
    entry_on = models.DateField("入职时间")
    roster_list = models.ForeignKey(
        RosterList,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries", db_index=False
    )
    batch = models.ForeignKey(
        ImportBatch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,
    )
    seq = models.PositiveIntegerField("序号", default=0)  # order of the list as printed
    name = models.CharField("姓名", max_length=50)
    hukou_text = models.CharField("户籍", max_length=100)
    hukou_province = models.CharField("户籍省份", max_length=2, blank=True)  # read from the text; unread → E04
    employment_form = models.CharField("用工形式", max_length=12, choices=EmploymentForm.choices)
    contract_employer_code = models.CharField("合同用人单位代码", max_length=18, blank=True)  # outsourcing only
    post = models.CharField("岗位", max_length=60, blank=True)
    education = models.CharField("文化程度", max_length=20, blank=True)
    skill = models.CharField("技能等级/职称", max_length=40, blank=True)
    certificate_no = models.CharField("证书编号", max_length=40, blank=True)
    leave_on = models.DateField("离职时间", null=True, blank=True)
    consent_version = models.CharField("告知同意文本版本", max_length=10)
    consent_at = models.DateTimeField("告知同意声明时间")
    created_at = models.DateTimeField(db_default=Now())

    # Written by recount only, from the pure rule; frozen elsewhere at decisions.
    status = models.CharField("计入状态", max_length=8, choices=CountStatus.choices, default=CountStatus.PENDING)
    codes = ArrayField(models.CharField(max_length=3), default=list, blank=True, verbose_name="原因代码")
    flags = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name="提示")
    qualified_on = models.DateField("计入日期", null=True, blank=True)
    counted_at = models.DateTimeField("核算时间", null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["seq", "id"]
        indexes: ClassVar = [
            models.Index(fields=["roster_list", "seq"], name="delivery_of_list"),
            models.Index(
                fields=["station", "entry_on"], condition=Q(station__isnull=False), name="delivery_of_station"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "operator", "employer", "entry_on"],
                name="delivery_once",
                violation_error_message="该人员在该企业的同一入职时间已登记，不重复导入。",
            ),
            models.CheckConstraint(
                condition=Q(leave_on__isnull=True) | Q(leave_on__gte=F("entry_on")),
                name="delivery_leaves_after_entry",
                violation_error_message="离职时间不能早于入职时间。",
            ),
        ]
        triggers: ClassVar = refers()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("roster:row", args=[self.pk])


class Adjudication(models.Model):
    """认定: a person of the centre settles what the data leave open (hukou proof, post evidence, back-payment…)."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="adjudications"
    )  # goes with its row; the journal keeps what was settled
    code = models.CharField("待核事项", max_length=3)  # the PENDING code it settles: E04, E14, E15, E18, E19
    accepted = models.BooleanField("认可")
    reason = models.CharField("依据", max_length=200)
    proof = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["delivery", "code"], name="adjudication_once", violation_error_message="该待核事项已认定。"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="adjudication_has_reason", violation_error_message="请写明认定依据。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {'认可' if self.accepted else '不认可'}"


class InsuranceExtract(models.Model):
    """A social-insurance result the centre brought in, or ticked by hand: which months, asked for whom, from where.

    `whole_list` says that every person of the list was asked for, so that one who is not found was not insured in these
    months; a tick by hand asks only for the person it names.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    roster_list = models.ForeignKey(
        RosterList, on_delete=models.PROTECT, null=True, blank=True, related_name="extracts"
    )
    file = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField("来源", max_length=100)
    whole_list = models.BooleanField("查询范围为整份名册", default=True)
    month_from = models.IntegerField("查询起月")
    month_to = models.IntegerField("查询止月")
    asked = models.PositiveIntegerField("查询人数", default=0)
    found = models.PositiveIntegerField("查到人数", default=0)
    unmatched = models.PositiveIntegerField("未匹配行数", default=0)
    notes = models.JSONField(
        default=list, blank=True
    )  # contradictions and unread lines: row number and words, no numbers
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(month_to__gte=F("month_from")),
                name="extract_months_in_order",
                violation_error_message="查询止月不能早于起月。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.month_from}–{self.month_to}"


class InsuredMonth(models.Model):
    """费款所属期 of a person; append-only, the latest extract that covers the month holds."""

    id = models.BigAutoField(primary_key=True)
    extract = models.ForeignKey(InsuranceExtract, on_delete=models.PROTECT, related_name="months", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="insured_months", db_index=False)
    month = models.IntegerField("费款所属期")  # yyyymm
    kind = models.CharField("险种", max_length=40)
    place = models.CharField("参保地", max_length=6)
    payer_code = models.CharField("缴费单位信用代码", max_length=18)
    status = models.CharField("缴费状态", max_length=4)  # 实缴 欠缴 补缴
    paid_on = models.DateField("到账日期", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["person_id", "month", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["extract", "person", "month", "kind", "place", "payer_code"],
                name="insured_month_once",
                violation_error_message="同一查询结果中该月重复。",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "month"], name="insured_month_of_person")]

    def __str__(self) -> str:
        return f"{self.month} {self.status}"
