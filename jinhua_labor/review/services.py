"""The only writer of a review: `transition()`, and what opens one and numbers it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.locks import lock_name
from jinhua_labor.core.workdays import WorkCalendar, work_calendar
from jinhua_labor.rulebook import policy_on

from .models import Review, ReviewEvent
from .states import CLOSED, STEPS, Action, Decider, Kind, Recommendation, State, Step, roles_of

NUMBER_PREFIX: dict[str, str] = {
    Kind.APPLICATION: "SL",
    Kind.CHANGE: "BG",
    Kind.REVOCATION: "QX",
    Kind.RENEWAL: "XQ",
    Kind.ASSESSMENT: "PG",
    Kind.AWARD: "PX",
    Kind.REVERIFY: "FH",
    Kind.GRANT: "BT",
}
ONE_OPEN: dict[str, str] = {
    Kind.APPLICATION: "该劳务协作地区已有一件申请正在办理，请先办结或撤回那一件。",
    Kind.CHANGE: "该工作站已有一件承建单位变更正在办理，请先办结或撤回那一件。",
    Kind.REVOCATION: "该工作站已有一件取消资格正在办理，请先办结那一件。",
    Kind.RENEWAL: "该工作站已有一件续期正在办理，请先办结或撤回那一件。",
    Kind.ASSESSMENT: "该工作站这一年度的评估正在办理，请先办结那一件。",
    Kind.AWARD: "该工作站已列为这一轮的候选，请继续办理那一件。",
    Kind.REVERIFY: "该工作站的复核正在办理，请先办结那一件。",
    Kind.GRANT: "这项补贴正在办理，请先办结那一件。",
}
"""What is said where an equal file is open, by kind."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the person says with a step: the words that are kept, and for 初审 what is proposed."""

    text: str = ""
    recommendation: Recommendation | None = None


def open_review(
    *,
    kind: Kind,
    object_id: uuid.UUID,
    title: str,
    organisation: Organisation,
    url_name: str,
    open_key: str,
    by: User,
    decider: str = Decider.BUREAU,
) -> Review:
    """A new review in DRAFT beside its file; `decider` is who decides it once it is screened.

    Raises Refused when a file with the same `open_key` is open already (R-14: one draft per operator).
    """
    try:
        with transaction.atomic():
            return Review.objects.create(
                kind=kind,
                object_id=object_id,
                title=title,
                organisation=organisation,
                url_name=url_name,
                open_key=open_key,
                created_by=by,
                decider=decider,
            )
    except IntegrityError as error:
        if "review_one_open" not in str(error):
            raise
        raise Refused("已有一件相同事项正在办理，请继续办理那一件。") from error


def lock(review_id: uuid.UUID) -> Review:
    """The row, locked until the transaction ends; every step of a file locks its review first."""
    return Review.objects.select_for_update(of=("self",), no_key=True).get(pk=review_id)


def repeated(review: Review, key: uuid.UUID | None) -> ReviewEvent | None:
    """The event an earlier post of the same rendered form left, so that a double click is answered as the first was."""
    return review.events.filter(key=key).first() if key else None


def may_take(review: Review, action: Action, *, by: User, version: int | None = None) -> Step:
    """The step, if this role may take it from where the file stands; for services that look at their file first.

    Raises PermissionDenied for a wrong role, Conflict when the state or the version has moved on.
    """
    step = STEPS[action]
    if by.role not in roles_of(step, review.decider):
        raise PermissionDenied
    if review.state not in step.sources or (version is not None and version != review.version):
        raise Conflict(moved_on(review))
    return step


def transition(
    review: Review,
    action: Action,
    *,
    by: User,
    opinion: Opinion = Opinion(),  # frozen
    version: int | None = None,
    key: uuid.UUID | None = None,
    open_key: str | None = None,
    detail: dict[str, Any] | None = None,
) -> ReviewEvent:
    """Takes one step of the table in `states.py`; the only place that changes `Review.state`.

    `review` must be locked (`lock()`) in the caller's transaction; the file's own conditions are the caller's.
    `version` is the one the page showed; `key` makes a repeated post harmless; `open_key` replaces the key at SUBMIT
    (from the operator's draft to operator + area).

    Raises PermissionDenied for a wrong role, Conflict when the state has moved on, Refused when words are missing, the
    person acted in an earlier stage, or an equal file is open.
    """
    earlier = repeated(review, key)
    if earlier:
        return earlier
    step = may_take(review, action, by=by, version=version)
    if step.comment_required and not opinion.text.strip():
        raise Refused(f"请填写{step.action.label}的意见。")
    source, now, day = State(review.state), timezone.now(), today()
    calendar, limits = work_calendar(), policy_on(day).policy.settings
    _stop_clock(review, source, day, calendar)

    if action == Action.SUBMIT:
        review.submitted_by, review.submitted_at = by, now
        review.first_submitted_at = review.first_submitted_at or now
        review.number = review.number or next_number(Kind(review.kind), day)
        review.open_key = open_key or review.open_key
        _start_clock(review, day, limits.sla_initial_workdays, calendar)
    elif action == Action.RETURN:
        # not told within the promise → accepted on the day of that submission, whatever is returned later.
        _accept_if_overdue(review, day, limits.notice_workdays, calendar)
        review.due_on, review.clock_from = calendar.add_workdays(day, limits.supplement_workdays), None
    elif action == Action.SCREEN:
        if opinion.recommendation is None:
            raise Refused("请选择同意或不同意。")
        _accept_if_overdue(review, day, limits.notice_workdays, calendar)
        review.accepted_on = review.accepted_on or timezone.localdate(review.submitted_at)
        review.screened_by, review.screened_at = by, now
        review.recommendation, review.screen_opinion = opinion.recommendation, opinion.text.strip()
        review.stage_used = 0
        _start_clock(review, day, limits.sla_final_workdays, calendar)
    elif action == Action.SEND_BACK:
        review.screened_by = review.screened_at = None
        review.recommendation = review.screen_opinion = ""
        review.stage_used = 0
        _start_clock(review, day, limits.sla_initial_workdays, calendar)
    elif action == Action.APPROVE:
        if review.recommendation != Recommendation.AGREE:
            raise Refused("初审意见为不同意，不能直接审核通过；请退回初审或不予通过。")
        review.approved_by, review.approved_at, review.decision_opinion = by, now, opinion.text.strip()
    elif action == Action.REJECT:
        review.rejected_by, review.rejected_at, review.decision_opinion = by, now, opinion.text.strip()
    if step.target in CLOSED:
        review.open_key = review.due_on = review.clock_from = None

    _refuse_second_hat(review)
    review.state, review.version = step.target, review.version + 1
    _save(review)
    event = ReviewEvent.objects.create(
        review=review,
        action=action,
        from_state=source,
        to_state=step.target,
        by=by,
        at=now,
        comment=opinion.text.strip(),
        detail=detail or {},
        key=key,
    )
    record(by=by, action=f"review.{action.lower()}", obj=review, detail={"from": source, "to": step.target})
    return event


def stand_still(review: Review, *, until: dt.date) -> None:
    """The office's clock does not run while the party has the word: it goes on after `until`. `review` is locked."""
    calendar, limits = work_calendar(), policy_on(today()).policy.settings
    _stop_clock(review, State(review.state), today(), calendar)
    _start_clock(review, until, limits.sla_initial_workdays, calendar)
    review.save(update_fields=["due_on", "clock_from", "stage_used", "total_used"])


def next_number(kind: Kind, day: dt.date) -> str:
    """受理编号 `SL-330703-YYYYMMDD-nnn`, the next of the day; callers hold a transaction."""
    prefix = f"{NUMBER_PREFIX[kind]}-{policy_on(day).policy.settings.district_code}-{day:%Y%m%d}-"
    lock_name(prefix)
    last = Review.objects.filter(number__startswith=prefix).order_by("-number").values_list("number", flat=True).first()
    return f"{prefix}{int(last.rsplit('-', 1)[1]) + 1 if last else 1:03d}"


def moved_on(review: Review) -> str:
    """Who did what when to a file that is no longer as the page showed it."""
    last = review.events.select_related("by").last()
    if last is None:
        return "该件状态已变化，请刷新后再办。"
    at = timezone.localtime(last.at)
    return f"该件已被{last.by.name}于{at.month}月{at.day}日 {at:%H:%M} {last.get_action_display()}，请刷新后再办。"


def _start_clock(review: Review, day: dt.date, promised: int, calendar: WorkCalendar) -> None:
    """Gives the office the rest of its promised working days from this day (never less than today)."""
    review.clock_from = day
    review.due_on = calendar.add_workdays(day, max(promised - review.stage_used, 0)) if promised else day


def _stop_clock(review: Review, source: State, day: dt.date, calendar: WorkCalendar) -> None:
    """Adds the working days of the stretch that ends now; with the applicant (DRAFT, RETURNED) nothing runs."""
    if review.clock_from is None or source not in {State.SUBMITTED, State.SCREENED}:
        return
    used = calendar.workdays_between(review.clock_from, day)
    review.stage_used += used
    review.total_used += used


def accept_overdue(*, day: dt.date, by: User) -> int:
    """逾期视为受理 for every file nobody answered within the promised days (R-16); how many. Harmless to repeat."""
    calendar, limits = work_calendar(), policy_on(day).policy.settings
    accepted = 0
    waiting = Review.objects.filter(state=State.SUBMITTED, accepted_on__isnull=True).values_list("pk", flat=True)
    for pk in waiting:
        with transaction.atomic():
            review = lock(pk)
            if review.state != State.SUBMITTED:
                continue
            _accept_if_overdue(review, day, limits.notice_workdays, calendar)
            if review.deemed_accepted:
                review.save(update_fields=["accepted_on", "deemed_accepted"])
                record(by=by, action="review.deemed_accepted", obj=review, detail={"on": review.accepted_on})
                accepted += 1
    return accepted


def _accept_if_overdue(review: Review, day: dt.date, notice_workdays: int, calendar: WorkCalendar) -> None:
    """受理: deemed on the day of a submission that nobody answered within the promise (R-16)."""
    if review.accepted_on or review.submitted_at is None:
        return
    submitted_on = timezone.localdate(review.submitted_at)
    if calendar.workdays_between(submitted_on, day) > notice_workdays:
        review.accepted_on, review.deemed_accepted = submitted_on, True


def _refuse_second_hat(review: Review) -> None:
    """Says in words what the database constraints say too: three different persons (R-18)."""
    submitted, screened = review.submitted_by_id, review.screened_by_id
    decided = review.approved_by_id or review.rejected_by_id
    # A counter file may be handed in by the unit itself; who entered it still does not screen it.
    if screened and screened in {submitted, review.created_by_id}:
        raise Refused("这件是您录入提交的，初审须由同事办理。")
    if decided and decided in {screened, submitted}:
        raise Refused("这件您已在前一环节办理过，审核须由他人办理。")


def _save(review: Review) -> None:
    try:
        with transaction.atomic():
            review.save()
    except IntegrityError as error:
        if "review_one_open" in str(error):
            raise Refused(ONE_OPEN[Kind(review.kind)]) from error
        raise
