"""The row beside every reviewed file: its state, whose opinions, who and when."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.core.clock import today

from .states import (
    APPLICANT_LABELS,
    CENTRE_STARTED,
    CLOSED,
    DECIDER_OPEN,
    KIND_LABELS,
    WAITS_FOR,
    Action,
    Decider,
    Kind,
    Recommendation,
    State,
    fsm_pairs,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

DECIDED = (State.APPROVED, State.REJECTED)


def _pair(at: str, by: str) -> models.CheckConstraint:
    """Who and when stand together or not at all."""
    return models.CheckConstraint(
        condition=Q(**{f"{at}__isnull": True, f"{by}__isnull": True})
        | Q(**{f"{at}__isnull": False, f"{by}__isnull": False}),
        name=f"review_{at}_has_by",
        violation_error_message="办理时间与办理人必须同时记录。",
    )


def _different(one: str, other: str, message: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{one}__isnull": True}) | Q(**{f"{other}__isnull": True}) | ~Q(**{one: F(other)}),
        name=f"review_{one}_not_{other}",
        violation_error_message=message,
    )


def _exactly(state: str, at: str) -> models.CheckConstraint:
    """The state and its time stamp imply each other."""
    return models.CheckConstraint(
        condition=Q(state=state, **{f"{at}__isnull": False}) | (~Q(state=state) & Q(**{f"{at}__isnull": True})),
        name=f"review_{state.lower()}_has_{at}",
        violation_error_message="办理状态与办理时间不一致。",
    )


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: User) -> ReviewQuerySet:
        """Files this person may see: operators their own, the offices and the auditor what was handed in."""
        if user.role == Role.OPERATOR:
            return self.filter(organisation=user.organisation_id)
        if user.role == Role.CENTRE:
            return self.filter(~Q(state=State.DRAFT, first_submitted_at__isnull=True) | Q(created_by__role=Role.CENTRE))
        if user.role in {Role.BUREAU, Role.AUDITOR}:
            return self.filter(first_submitted_at__isnull=False)
        return self.none()

    def waiting_for(self, user: User) -> ReviewQuerySet:
        """What this person's role has to do next, the most urgent first; not while the party has the word."""
        states: Iterable[State] = WAITS_FOR.get(Role(user.role), ())
        waits = Q(state__in=sorted(states)) & ~Q(state=State.SCREENED)
        waits |= Q(state=State.SCREENED, decider=user.role)
        if user.role == Role.CENTRE:
            waits |= Q(state=State.RETURNED, kind__in=sorted(CENTRE_STARTED))
        rows = self.visible_to(user).filter(waits).exclude(clock_from__gt=today())
        return rows.order_by("due_on", "submitted_at", "id")


class Review(models.Model):
    """State, opinions, persons and dates of one file on its way through 初审 and 审核 (第五条)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("类型", max_length=12, choices=Kind.choices)
    number = models.CharField("受理编号", max_length=30, blank=True)
    title = models.CharField("标题", max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reviews")
    url_name = models.CharField(max_length=60)  # the file's own page; a lower room knows a higher one only by this
    object_id = models.UUIDField()
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    open_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001  # NULL lets closed files repeat
    decider = models.CharField("由谁审核", max_length=6, choices=Decider.choices, default=Decider.BUREAU)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    first_submitted_at = models.DateTimeField("首次提交时间", null=True, blank=True)
    accepted_on = models.DateField("受理日期", null=True, blank=True)
    deemed_accepted = models.BooleanField("逾期视为受理", default=False)

    screened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    screened_at = models.DateTimeField("初审时间", null=True, blank=True)
    recommendation = models.CharField("初审意见", max_length=8, choices=Recommendation.choices, blank=True)
    screen_opinion = models.CharField("初审意见内容", max_length=500, blank=True)

    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField("审核通过时间", null=True, blank=True)
    rejected_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    rejected_at = models.DateTimeField("不予通过时间", null=True, blank=True)
    decision_opinion = models.CharField("审核意见内容", max_length=500, blank=True)

    # The clock: promised working days, paused while the file is with the applicant.
    due_on = models.DateField("办理期限", null=True, blank=True)
    clock_from = models.DateField(null=True, blank=True)
    stage_used = models.PositiveSmallIntegerField(default=0)  # working days this stage used before the present stretch
    total_used = models.PositiveSmallIntegerField(default=0)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_on", "id"], name="review_inbox"),
            models.Index(fields=["organisation", "-created_at"], name="review_of_organisation"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "object_id"],
                name="review_once_per_file",
                violation_error_message="该事项已有办理记录。",
            ),
            models.UniqueConstraint(
                fields=["number"],
                condition=~Q(number=""),
                name="review_number_once",
                violation_error_message="受理编号重复，请重新提交。",
            ),
            models.CheckConstraint(
                condition=Q(decider=Decider.BUREAU) | Q(kind__in=sorted(DECIDER_OPEN)),
                name="review_decided_by_bureau",
                violation_error_message="只有年度评估可以由区就业服务中心确认，其他事项由区人社局审核。",
            ),
            models.UniqueConstraint(
                fields=["open_key"],
                name="review_one_open",
                violation_error_message="已有一件相同事项正在办理，请继续办理那一件。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(CLOSED), open_key__isnull=True)
                | (~Q(state__in=sorted(CLOSED)) & Q(open_key__isnull=False)),
                name="review_open_has_key",
                violation_error_message="在办事项与占用标记不一致。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.WITHDRAWN]) | (Q(submitted_at__isnull=False) & ~Q(number="")),
                name="review_submitted_has_number",
                violation_error_message="已提交的事项必须有受理编号和提交时间。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.SCREENED, *DECIDED], screened_at__isnull=False)
                | Q(state=State.WITHDRAWN)
                | (~Q(state__in=[State.SCREENED, *DECIDED]) & Q(screened_at__isnull=True)),
                name="review_screened_has_at",
                violation_error_message="初审状态与初审时间不一致。",
            ),
            models.CheckConstraint(
                condition=Q(screened_at__isnull=True, recommendation="", screen_opinion="")
                | (Q(screened_at__isnull=False) & ~Q(recommendation="") & ~Q(screen_opinion="")),
                name="review_screened_has_opinion",
                violation_error_message="初审必须写明意见。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=list(DECIDED)) | ~Q(decision_opinion=""),
                name="review_decided_has_opinion",
                violation_error_message="审核必须写明意见；不予通过须写明理由与依据。",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.APPROVED) | Q(recommendation=Recommendation.AGREE),
                name="review_approved_was_recommended",
                violation_error_message="初审不同意的事项不能直接审核通过，请退回初审或不予通过。",
            ),
            _exactly(State.APPROVED, "approved_at"),
            _exactly(State.REJECTED, "rejected_at"),
            _pair("submitted_at", "submitted_by"),
            _pair("screened_at", "screened_by"),
            _pair("approved_at", "approved_by"),
            _pair("rejected_at", "rejected_by"),
            _different("screened_by", "submitted_by", "初审人不能是该件的录入提交人，请由同事办理。"),
            _different("approved_by", "screened_by", "审核人不能是该件的初审人。"),
            _different("approved_by", "submitted_by", "审核人不能是该件的录入提交人。"),
            _different("rejected_by", "screened_by", "审核人不能是该件的初审人。"),
            _different("rejected_by", "submitted_by", "审核人不能是该件的录入提交人。"),
        ]
        triggers: ClassVar = [
            # A second line behind transition(): the database knows the same table.
            pgtrigger.FSM(name="review_states", field="state", transitions=fsm_pairs()),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number or '（未提交）'}"

    def get_absolute_url(self) -> str:
        return reverse(self.url_name, args=[self.object_id])

    @property
    def is_open(self) -> bool:
        return self.state not in CLOSED

    def entered_by(self, user: User) -> bool:
        """Whether this person wrote the file down or handed it in; at the counter that may be two people (R-14)."""
        return user.pk in {self.created_by_id, self.submitted_by_id}

    def label_for(self, user: User) -> str:
        """The state in the reader's words: 待初审 for the centre is 已提交 for the operator."""
        if user.role == Role.OPERATOR:
            return APPLICANT_LABELS.get(self.state, self.get_state_display())
        return str(KIND_LABELS.get((self.kind, self.state)) or self.get_state_display())


class ReviewEvent(models.Model):
    """One step taken (append-only): the timeline of a file, and the receipt that makes a repeated click harmless."""

    id = models.BigAutoField(primary_key=True)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="events")
    action = models.CharField("步骤", max_length=10, choices=Action.choices)
    from_state = models.CharField(max_length=10, choices=State.choices)
    to_state = models.CharField(max_length=10, choices=State.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    comment = models.CharField("意见", max_length=500, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    key = models.UUIDField(null=True, blank=True)  # of the rendered form: the same click twice is one step

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["review", "key"], name="review_event_key_once", violation_error_message="该操作已经提交过。"
            ),
            models.CheckConstraint(
                condition=~Q(action__in=[Action.RETURN, Action.SEND_BACK, Action.REJECT, Action.SCREEN, Action.APPROVE])
                | ~Q(comment=""),
                name="review_event_has_comment",
                violation_error_message="退回、初审、审核必须写明意见。",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
