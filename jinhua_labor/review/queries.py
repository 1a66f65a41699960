"""Reads of the review: the inbox and its counts, the timeline, the buttons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import local_date, today
from jinhua_labor.core.workdays import work_calendar
from jinhua_labor.rulebook import policy_on

from .models import Review, ReviewEvent, ReviewQuerySet
from .states import DECIDE_SEVERAL, Action, Recommendation, State, allowed

SOON_WORKDAYS = 2
"""A file due within so many working days stands under 即将到期."""


def inbox(user: User) -> ReviewQuerySet:
    """What waits for this person's role, most urgent first, with what a list row shows."""
    return Review.objects.waiting_for(user).select_related("organisation", "screened_by")


_COUNTED = "_review_counts"
"""On the user of this request: the page and its frame ask for the same number."""


def waiting_count(user: User) -> int:
    """Number of files whose next step is this role's."""
    known: dict[str, int] | None = getattr(user, _COUNTED, None)
    return Review.objects.waiting_for(user).count() if known is None else known["all"]


def next_waiting(user: User, *, after: Review) -> Review | None:
    """The file a reviewer lands on after a decision: the most urgent one that he himself may still act on."""
    rows = inbox(user).exclude(pk=after.pk).exclude(submitted_by=user).exclude(created_by=user)
    return rows.exclude(screened_by=user).first() if after.state != State.DRAFT else rows.first()


def buttons(review: Review, user: User) -> tuple[Action, ...]:
    """The steps this person may take now: those of his role, less those an earlier stage of his forbids (R-18)."""
    steps = allowed(review.state, user.role, review.decider)
    if user.pk in {review.created_by_id, review.submitted_by_id, review.screened_by_id} and user.is_office:
        steps = tuple(a for a in steps if a not in {Action.SCREEN, Action.APPROVE, Action.REJECT})
    return steps


@dataclass(frozen=True, slots=True)
class InboxFilters:
    """What the address says: words, how urgent, what the centre recommended."""

    q: str = ""
    due: str = ""
    recommendation: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> InboxFilters:
        return cls(query.get("q", "").strip(), query.get("due", ""), query.get("recommendation", ""))

    @property
    def any(self) -> bool:
        return bool(self.q or self.due or self.recommendation)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A line of the inbox: since when it waits for this role, and what the reader should know before he opens it."""

    review: Review
    since: dt.datetime | None
    hat: str  # why this person himself may not decide it
    deemed: bool  # 逾期视为受理
    may_batch: bool


def narrowed(rows: ReviewQuerySet, filters: InboxFilters) -> ReviewQuerySet:
    """The inbox by number, unit or title; by what is overdue or nearly; by the recommendation."""
    if filters.q:
        rows = rows.filter(
            Q(number__icontains=filters.q) | Q(title__icontains=filters.q) | Q(organisation__name__icontains=filters.q)
        )
    if filters.recommendation in Recommendation.values:
        rows = rows.filter(recommendation=filters.recommendation)
    day = today()
    if filters.due == "over":
        rows = rows.filter(due_on__lt=day)
    elif filters.due == "soon":
        rows = rows.filter(due_on__gte=day, due_on__lte=work_calendar().add_workdays(day, SOON_WORKDAYS))
    return rows


def counts(user: User) -> dict[str, int]:
    """How much waits for this role, how much of it is overdue or nearly. One query."""
    day = today()
    soon = work_calendar().add_workdays(day, SOON_WORKDAYS)
    found = Review.objects.waiting_for(user).aggregate(
        all=Count("pk"),
        over=Count("pk", filter=Q(due_on__lt=day)),
        soon=Count("pk", filter=Q(due_on__gte=day, due_on__lte=soon)),
    )
    setattr(user, _COUNTED, found)
    return found


def row_of(review: Review, user: User) -> InboxRow:
    """A line of the inbox; asks the database nothing."""
    hat = ""
    if review.entered_by(user):
        hat = "由您录入提交"
    elif user.pk == review.screened_by_id:
        hat = "由您初审"
    since = review.screened_at if review.state == State.SCREENED else review.submitted_at
    decided = review.state == State.SCREENED and review.recommendation == Recommendation.AGREE
    may_batch = decided and not hat and review.kind in DECIDE_SEVERAL
    return InboxRow(review, since, hat, review.deemed_accepted or overdue_notice(review), may_batch)


def overdue_notice(review: Review) -> bool:
    """Whether nobody has answered this submission within the promised days: it is accepted without a word (R-16)."""
    if review.state != State.SUBMITTED or review.accepted_on or review.submitted_at is None:
        return False
    day = today()
    promised = policy_on(day).policy.settings.notice_workdays
    return work_calendar().workdays_between(local_date(review.submitted_at), day) > promised


def steps_by(user: User, words: str = "") -> QuerySet[ReviewEvent]:
    """What this person has done with files, the latest first."""
    rows = ReviewEvent.objects.filter(by=user).select_related("review__organisation").order_by("-id")
    if words:
        rows = rows.filter(Q(review__number__icontains=words) | Q(review__organisation__name__icontains=words))
    return rows
