"""What the bureau records over the notice (第十五条, R-48, R-49): extensions, readings, successor notices."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Count, F, Max, Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.rulebook.enums import DECIDED, OPEN, Kind, VersionState
from jinhua_labor.rulebook.rules import Record

READERS = (Role.BUREAU, Role.CENTRE, Role.AUDITOR)
"""Who reads drafts and records; only the bureau writes them. The public page shows what is confirmed."""

_WITHDRAWING = ("state", "withdrawn_by_id", "withdrawn_at", "withdrawn_on", "withdrawn_reason")
_CONFIRMING = ("state", "confirmed_by_id", "confirmed_at", "confirmed_on", "code")


class VersionQuerySet(models.QuerySet["Version"]):
    def visible_to(self, user: User) -> VersionQuerySet:
        """Bureau, centre and auditor all; everyone else nothing."""
        return self if user.is_authenticated and user.role in READERS else self.none()

    def public(self) -> VersionQuerySet:
        """What a second person confirmed and nobody withdrew: it stands on the public page."""
        return self.filter(state=VersionState.CONFIRMED)

    def open(self) -> VersionQuerySet:
        return self.filter(state__in=OPEN)

    def stamp(self) -> tuple[Any, ...]:
        """Differs whenever a record was confirmed or withdrawn: rows move on, never back (the trigger sees to it)."""
        found = self.filter(state__in=DECIDED).aggregate(
            decided=Count("id"),
            withdrawn=Count("id", filter=Q(state=VersionState.WITHDRAWN)),
            newest=Max("confirmed_at"),
        )
        return found["decided"], found["withdrawn"], found["newest"]


class Version(models.Model):
    """One record: drafted by one official, confirmed by another, kept as it was from then on.

    `base` is the id of the notice it lies over (a file of `policy/`, or the `code` of a recorded successor); `changes`
    holds only what differs from it, in the words of `rules.overlay`. `code` is the id of the policy it makes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("类型", max_length=9, choices=Kind.choices)
    state = models.CharField("状态", max_length=9, choices=VersionState.choices, default=VersionState.DRAFT)
    base = models.CharField("所依据的办法", max_length=20)
    subject = models.CharField("事项", max_length=60)
    note = models.TextField("说明", max_length=1000, blank=True)
    decided_by = models.CharField("决定机关", max_length=60, blank=True)
    doc_no = models.CharField("文号", max_length=40, blank=True)
    doc_date = models.DateField("成文日期", null=True, blank=True)
    valid_from = models.DateField("生效日期", null=True, blank=True)
    extends_from = models.DateField("原截止日期", null=True, blank=True)
    effective_to = models.DateField("截止日期", null=True, blank=True)
    changes = models.JSONField("修改内容", default=dict, blank=True, encoder=DjangoJSONEncoder)
    revision = models.PositiveIntegerField("修改次数", default=0)
    code = models.CharField("版本编号", max_length=20, blank=True)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="拟稿人")
    drafted_at = models.DateTimeField("拟稿时间", default=timezone.now)
    submitted_at = models.DateTimeField("提请确认时间", null=True, blank=True)
    returned_note = models.CharField("退回意见", max_length=300, blank=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    confirmed_on = models.DateField("确认日期", null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_on = models.DateField("撤销日期", null=True, blank=True)
    withdrawn_reason = models.CharField("撤销原因", max_length=300, blank=True)
    discarded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    discarded_at = models.DateTimeField("作废时间", null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-drafted_at", "id"]
        indexes: ClassVar = [models.Index(fields=["state", "confirmed_at"], name="version_decided")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=[VersionState.SUBMITTED, *DECIDED])
                | ~Q(doc_no="") & ~Q(decided_by="") & Q(doc_date__isnull=False),
                name="version_has_document",
                violation_error_message="须写明决定机关、文号和成文日期。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[VersionState.SUBMITTED, *DECIDED], submitted_at__isnull=False)
                | Q(state__in=[VersionState.DRAFT, VersionState.DISCARDED], submitted_at__isnull=True),
                name="version_submitted_has_at",
                violation_error_message="提请确认须同时记录时间。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[VersionState.SUBMITTED, *DECIDED])
                | Q(kind=Kind.EXTENSION, valid_from__isnull=True, effective_to__isnull=False, changes={})
                | Q(kind=Kind.READING, valid_from__isnull=False, effective_to__isnull=True) & ~Q(changes={})
                | Q(kind=Kind.SUCCESSOR, valid_from__isnull=False, effective_to__isnull=False),
                name="version_says_when",
                violation_error_message=(
                    "延期须写明新的截止日期；解释口径须写明生效日期和修改内容；新文件须写明施行和截止日期。"
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.EXTENSION, state__in=[VersionState.SUBMITTED, *DECIDED])
                | Q(extends_from__isnull=False, effective_to__gt=F("extends_from")),
                name="version_extends",
                violation_error_message="延长后的截止日期须晚于原截止日期。",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(effective_to__isnull=True)
                | Q(effective_to__gte=F("valid_from")),
                name="version_dates_in_order",
                violation_error_message="截止日期不能早于施行日期。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DECIDED, confirmed_by__isnull=False, confirmed_at__isnull=False)
                & Q(confirmed_on__isnull=False)
                & ~Q(code="")
                | ~Q(state__in=DECIDED)
                & Q(confirmed_by__isnull=True, confirmed_at__isnull=True, confirmed_on__isnull=True, code=""),
                name="version_confirmed_whole",
                violation_error_message="确认须同时记录确认人、时间和版本编号。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("drafted_by")),
                name="version_two_persons",
                violation_error_message="拟稿人不能自己确认，请由区人社局另一位工作人员确认。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_from__gt=F("confirmed_on")),
                name="version_from_a_future_day",
                violation_error_message="生效日期须晚于确认之日，已经过去的日子不改变适用的版本。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=True) | Q(doc_date__lte=F("confirmed_on")),
                name="version_document_first",
                violation_error_message="文件的成文日期不能晚于确认之日。",
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.WITHDRAWN, withdrawn_by__isnull=False, withdrawn_at__isnull=False)
                & Q(withdrawn_on__isnull=False)
                & ~Q(withdrawn_reason="")
                | ~Q(state=VersionState.WITHDRAWN)
                & Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True, withdrawn_on__isnull=True)
                & Q(withdrawn_reason=""),
                name="version_withdrawn_whole",
                violation_error_message="撤销须写明原因，并记录经办人和时间。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True) | ~Q(withdrawn_by=F("drafted_by")),
                name="version_withdrawn_by_another",
                violation_error_message="拟稿人不能自己撤销，请由区人社局另一位工作人员办理。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_from__gt=F("withdrawn_on")),
                name="version_withdrawn_in_time",
                violation_error_message="已经生效的口径和文件不能撤销，请记录新的口径或文件。",
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.DISCARDED, discarded_by__isnull=False, discarded_at__isnull=False)
                | ~Q(state=VersionState.DISCARDED) & Q(discarded_by__isnull=True, discarded_at__isnull=True),
                name="version_discarded_whole",
                violation_error_message="作废草稿须同时记录经办人和时间。",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=~Q(code=""),
                name="version_code_once",
                violation_error_message="版本编号已经用过，请核对文号。",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="decided_kept",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=(
                    "IF OLD.state = 'CONFIRMED' AND NEW.state = 'WITHDRAWN' "
                    f"AND to_jsonb(NEW) - '{{{','.join(_WITHDRAWING)}}}'::text[] "
                    f"= to_jsonb(OLD) - '{{{','.join(_WITHDRAWING)}}}'::text[] THEN RETURN NEW; END IF; "
                    "IF OLD.state = 'SUBMITTED' AND NEW.state = 'CONFIRMED' "
                    f"AND to_jsonb(NEW) - '{{{','.join(_CONFIRMING)}}}'::text[] "
                    f"= to_jsonb(OLD) - '{{{','.join(_CONFIRMING)}}}'::text[] THEN RETURN NEW; END IF; "
                    "IF OLD.state = 'SUBMITTED' AND NEW.state = 'DRAFT' THEN RETURN NEW; END IF; "
                    "IF OLD.state = 'DRAFT' AND NEW.state IN ('DRAFT', 'SUBMITTED', 'DISCARDED') THEN RETURN NEW; "
                    "END IF; "
                    "RAISE EXCEPTION '% is kept as it was decided', TG_TABLE_NAME "
                    "USING ERRCODE = 'integrity_constraint_violation';"
                ),
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("rulebook:version", args=[self.pk])

    def record(self) -> Record:
        """What the rules read of the row."""
        assert self.doc_date is not None  # the database holds it on every row that was handed in
        return Record(
            id=str(self.pk),
            kind=Kind(self.kind),
            code=self.code,
            base=self.base,
            subject=self.subject,
            decided_by=self.decided_by,
            doc_no=self.doc_no,
            doc_date=self.doc_date,
            valid_from=self.valid_from,
            effective_to=self.effective_to,
            changes=self.changes,
        )

    def ahead(self, day: dt.date) -> bool:
        """Whether it is confirmed and its first day has not come yet."""
        return self.state == VersionState.CONFIRMED and self.valid_from is not None and self.valid_from > day
