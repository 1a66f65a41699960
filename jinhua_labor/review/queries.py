"""Reads of the review: the inbox and its counts, the timeline, the buttons."""

from __future__ import annotations

from jinhua_labor.accounts.models import User

from .models import Review, ReviewQuerySet
from .states import Action, State, allowed


def inbox(user: User) -> ReviewQuerySet:
    """What waits for this person's role, most urgent first, with what a list row shows."""
    return Review.objects.waiting_for(user).select_related("organisation", "submitted_by", "screened_by")


def waiting_count(user: User) -> int:
    """Number of files whose next step is this role's."""
    return Review.objects.waiting_for(user).count()


def next_waiting(user: User, *, after: Review) -> Review | None:
    """The file a reviewer lands on after a decision: the most urgent one that he himself may still act on."""
    rows = inbox(user).exclude(pk=after.pk).exclude(submitted_by=user)
    return rows.exclude(screened_by=user).first() if after.state != State.DRAFT else rows.first()


def buttons(review: Review, user: User) -> tuple[Action, ...]:
    """The steps this person may take now: those of his role, less those an earlier stage of his forbids (R-18)."""
    steps = allowed(review.state, user.role)
    if user.pk in {review.submitted_by_id, review.screened_by_id} and user.is_office:
        steps = tuple(a for a in steps if a not in {Action.SCREEN, Action.APPROVE, Action.REJECT})
    return steps
