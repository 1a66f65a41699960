"""满意度调查 (附件3 C1, C2; R-58, R-59): a survey of one year, its cards, and answers that lead back to nobody.

An answer has no column that names a card, a person, an employer or a moment; its key is random, and what the database
itself keeps of the order of rows is stirred with every answer (`services.stirring`).
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from assessments.surveys.enums import Kind, Satisfaction, Second, Third
from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.fields import EncryptedTextField
from jinhua_labor.policy.periods import Period
from stations.registry.models import Employer, Station
from stations.roster.models import Delivery


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, user: User) -> SurveyQuerySet:
        """Offices and the auditor all; a unit those of its stations once they are closed."""
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            return self
        if user.role == Role.OPERATOR:
            return self.filter(station__operator=user.organisation_id, closed_at__isnull=False)
        return self.none()

    def open(self) -> SurveyQuerySet:
        return self.filter(closed_at__isnull=True)


class Survey(models.Model):
    """A survey of the workers or of the employers of a station's year; once closed it holds what it found."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="surveys")
    period_no = models.PositiveSmallIntegerField("第几年度")
    starts_on = models.DateField("年度起")
    ends_on = models.DateField("年度止")
    kind = models.CharField("调查对象", max_length=9, choices=Kind.choices)
    opens_on = models.DateField("开始日期")
    closes_on = models.DateField("截止日期")  # the last day on which it can be answered
    policy_version = models.CharField("适用版本", max_length=40)
    population = models.PositiveIntegerField("可抽取数")  # counted workers, or employers served
    required = models.PositiveIntegerField("要求的有效答卷")
    drawn = models.PositiveIntegerField("抽取数")
    frozen = models.BooleanField("按冻结名册抽取", default=False)
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField("抽取时间", default=timezone.now)
    printed = models.PositiveSmallIntegerField("打印次数", default=0)
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    valid = models.PositiveIntegerField("有效答卷", null=True, blank=True)
    satisfied = models.PositiveIntegerField("满意和很满意", null=True, blank=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-opens_on", "station", "kind", "id"]
        indexes: ClassVar = [
            models.Index(fields=["closes_on"], condition=Q(closed_at__isnull=True), name="survey_to_close"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["station", "period_no", "kind"],
                name="survey_once_per_year",
                violation_error_message="该年度已开展这项调查。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on"), opens_on__gt=F("starts_on"), closes_on__gt=F("opens_on")),
                name="survey_days_in_order",
                violation_error_message="调查须在年度开始之后，截止日期须晚于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(required__gte=1, drawn__gte=F("required"), population__gte=F("drawn")),
                name="survey_draw_adds_up",
                violation_error_message="抽取数不少于要求的有效答卷，不多于可抽取数。",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, valid__isnull=True, satisfied__isnull=True)
                | Q(closed_at__isnull=False, valid__isnull=False, satisfied__isnull=False),
                name="survey_closed_whole",
                violation_error_message="调查结束须同时记录有效答卷和满意的份数。",
            ),
            models.CheckConstraint(
                condition=Q(valid__isnull=True) | Q(satisfied__lte=F("valid"), valid__lte=F("drawn")),
                name="survey_counts_within",
                violation_error_message="满意的份数不多于有效答卷，有效答卷不多于抽取数。",
            ),
        ]
        triggers: ClassVar = [
            # A closed survey is scored: it neither opens again nor finds anything else.
            pgtrigger.Protect(
                name="closed_stays", operation=pgtrigger.Update, condition=pgtrigger.Q(old__closed_at__isnull=False)
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.station.name}第{self.period_no}年度{self.get_kind_display()}满意度调查"

    def get_absolute_url(self) -> str:
        return reverse("surveys:survey", args=[self.pk])

    @property
    def period(self) -> Period:
        return Period(self.period_no, self.starts_on, self.ends_on)

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    def takes_answers(self, day: dt.date) -> bool:
        """Whether it can be answered on the day; the closing day is the last one, whenever the job comes round."""
        return not self.is_closed and self.opens_on <= day <= self.closes_on


class SurveyCard(models.Model):
    """A card to hand out: whose it is while the survey runs, and whether it was used. Gone when the survey closes.

    `digest` finds the card by the code of its link; the code itself is kept encrypted, so that cards can be printed
    again. There is no moment on it: when somebody answered is nobody's business.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="cards")
    number = models.PositiveIntegerField("卡号")
    digest = models.BinaryField(max_length=32)
    code = EncryptedTextField("链接代码", context="assessments_surveycard.code")
    delivery = models.ForeignKey(Delivery, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    used = models.BooleanField("已答", default=False)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["digest"], name="survey_card_code_once", violation_error_message="链接代码重复，请重新抽取。"
            ),
            models.UniqueConstraint(
                fields=["survey", "number"], name="survey_card_number_once", violation_error_message="卡号重复。"
            ),
            models.UniqueConstraint(
                fields=["survey", "delivery"],
                name="survey_card_worker_once",
                violation_error_message="同一名务工人员在一项调查中只抽一次。",
            ),
            models.UniqueConstraint(
                fields=["survey", "employer"],
                name="survey_card_employer_once",
                violation_error_message="同一家企业在一项调查中只发一张卡。",
            ),
            models.CheckConstraint(
                condition=Q(delivery__isnull=True) | Q(employer__isnull=True),
                name="survey_card_for_one",
                violation_error_message="一张卡只发给一名务工人员或一家企业。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number:03d}"


class Said(models.Model):
    """What three questions were answered with; the day is all that is kept of the time."""

    satisfaction = models.CharField("总体满意度", max_length=9, choices=Satisfaction.choices)
    second = models.CharField("是否符合", max_length=4, choices=Second.choices, blank=True)
    third = models.CharField("是否帮助", max_length=6, choices=Third.choices, blank=True)
    comment = models.CharField("意见", max_length=500, blank=True)
    answered_on = models.DateField("答题日期")

    class Meta:
        abstract = True


class SurveyAnswer(Said):
    """An answer of a worker, and once the survey is closed of an employer: of which survey, and nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="answers")

    class Meta:
        ordering: ClassVar = ["id"]  # random
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(satisfaction__in=Satisfaction.values),
                name="survey_answer_on_scale",
                violation_error_message="请选择总体满意度。",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="closed_stays",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                declare=[("held", "UUID")],
                func=(
                    "held = CASE WHEN TG_OP = 'DELETE' THEN OLD.survey_id ELSE NEW.survey_id END; "
                    "IF EXISTS (SELECT 1 FROM assessments_survey s WHERE s.id = held AND s.closed_at IS NOT NULL) THEN"
                    " RAISE EXCEPTION 'the survey is closed' USING ERRCODE = '23514'; END IF; "
                    "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return "答卷"


class EmployerBallot(Said):
    """An employer's answer while the survey runs: it may answer again, the last one stands (R-59). Never a worker's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    card = models.OneToOneField(SurveyCard, on_delete=models.PROTECT, related_name="ballot")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(satisfaction__in=Satisfaction.values),
                name="employer_ballot_on_scale",
                violation_error_message="请选择总体满意度。",
            ),
        ]
        triggers: ClassVar = [
            # An answer beside its card: for an employer only, who may change it. A worker's would be known.
            pgtrigger.Trigger(
                name="employers_only",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=(
                    "IF NOT EXISTS (SELECT 1 FROM assessments_surveycard c"
                    " WHERE c.id = NEW.card_id AND c.employer_id IS NOT NULL) THEN"
                    " RAISE EXCEPTION 'a worker''s answer is kept apart from the card' USING ERRCODE = '23514';"
                    " END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return "企业答卷"
