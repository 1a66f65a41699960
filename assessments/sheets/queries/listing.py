"""Lists of assessed years, and what waits for whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.urls import reverse

from assessments.sheets.enums import HIDDEN_FROM_STATION, UNITS_WORDS, Outcome, Stage
from assessments.sheets.models import Assessment, AssessmentQuerySet, LineAnswer, Sheet
from assessments.sheets.queries.calendar import OWED
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.figures import plain

LATE = "late"
LOOKS = {
    Stage.OPEN: "PENDING",
    Stage.SCORING: "with-centre",
    Stage.CHECKING: "with-centre",
    Stage.FEEDBACK: "PENDING",
    Stage.CONFIRMING: "with-bureau",
    Stage.CONFIRMED: "with-centre",
    Stage.FINAL: "approved",
    Stage.VOID: "draft",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address says: words, stage, only those past their promised end."""

    q: str = ""
    stage: str = ""
    late: str = ""

    @property
    def any(self) -> bool:
        return bool(self.q or self.stage or self.late)


def listed(user: User, filters: Filters, *, day: dt.date) -> AssessmentQuerySet:
    """Years this person may see, what is open first, then the latest."""
    rows = with_results(Assessment.objects.visible_to(user).select_related("station", "operator"))
    for word in filters.q.split()[:5]:
        rows = rows.filter(
            Q(station__name__icontains=word) | Q(station__number__icontains=word) | Q(operator__name__icontains=word)
        )
    if filters.stage in Stage.values:
        rows = rows.filter(stage__in=told_as(filters.stage, user))
    if filters.late == LATE:
        rows = rows.filter(stage__in=OWED, due_on__lt=day)
    return rows.order_by("-ends_on", "station__number", "id")


def with_results(rows: AssessmentQuerySet) -> AssessmentQuerySet:
    """These years, each with what its latest confirmed sheet says (`result_of`)."""
    confirmed = Sheet.objects.filter(assessment=OuterRef("pk"), confirmed_at__isnull=False).order_by("-round")
    return rows.annotate(**{name: Subquery(confirmed.values(name)[:1]) for name in ("total", "outcome", "vetoed")})


def result_of(row: Any) -> str:
    """「83分，合格」 of a year of `with_results`; empty while nothing is confirmed, and while it is scored anew."""
    if row.stage not in {Stage.CONFIRMED, Stage.FINAL} or row.total is None:
        return ""
    return f"{plain(row.total)}分，{Outcome(row.outcome).label}" + ("（一票否决）" if row.vetoed else "")


def shown(row: Assessment, user: User) -> dict[str, str]:
    """State and word for the pill, in the reader's words."""
    return {"state": LOOKS[Stage(row.stage)], "label": row.label_for(user)}


def told_as(stage: str, user: User) -> tuple[str, ...]:
    """The stages a reader is told of by the word of this one: a unit does not learn how far the centre's work is."""
    if user.role == Role.OPERATOR and stage in HIDDEN_FROM_STATION:
        return HIDDEN_FROM_STATION
    return (stage,)


def waiting(user: User, *, day: dt.date) -> AssessmentQuerySet:
    """What this person has to do beside the inbox of the review; the nearest first."""
    newest = Sheet.objects.filter(assessment=OuterRef("pk")).order_by("-round")  # earlier rounds ask nothing any more
    rows = Assessment.objects.visible_to(user).select_related("station", "operator")
    rows = rows.annotate(
        sheet_pk=Subquery(newest.values("pk")[:1]),
        review_pk=Subquery(newest.values("review")[:1]),
        feedback_until=Subquery(newest.values("feedback_until")[:1]),
        agreed_at=Subquery(newest.values("agreed_at")[:1]),
    )
    if user.role == Role.OPERATOR:
        unsaid = Q(stage=Stage.FEEDBACK, agreed_at__isnull=True, feedback_until__gte=day)
        return rows.filter(Q(stage=Stage.OPEN, self_due_on__gte=day) | unsaid).order_by("due_on", "pk")
    if user.role == Role.CENTRE:
        unanswered = LineAnswer.objects.filter(sheet=OuterRef("sheet_pk"), reply="")
        said = Q(agreed_at__isnull=False) | Q(feedback_until__lt=day) | Q(Exists(unanswered))
        mine = Q(stage=Stage.SCORING, review_pk__isnull=True) | Q(stage=Stage.FEEDBACK) & said
        return rows.filter(mine).order_by("due_on", "pk")
    return rows.none()


def next_step(row: Any, user: User) -> tuple[str, dt.date | None]:
    """(what to do, until when) of a year that waits for this person (`waiting`)."""
    if user.role == Role.OPERATOR:
        if row.stage == Stage.OPEN:
            return "提交年度自评", row.self_due_on
        return "核对评分草稿", row.feedback_until
    return ("年度评估评分" if row.stage == Stage.SCORING else "处理站点反馈"), row.due_on


def page_of(row: Any) -> str:
    """Where it is done: the sheet once there is one, else the page of the year."""
    return reverse("assessments:sheet", args=[row.sheet_pk]) if row.sheet_pk else str(row.get_absolute_url())


def counts(user: User, *, day: dt.date) -> dict[str, Any]:
    """How many years a reader is told of at each stage, and how many are late: one query."""
    every = Assessment.objects.visible_to(user)
    return every.aggregate(
        late=Count("pk", filter=Q(stage__in=OWED, due_on__lt=day)),
        all=Count("pk"),
        **{stage: Count("pk", filter=Q(stage__in=told_as(stage, user))) for stage in Stage.values},
    )


def stages_for(user: User) -> list[tuple[str, str]]:
    """The stages to choose from, in the reader's words; what a unit is told of as one is one."""
    if user.role != Role.OPERATOR:
        return [(str(stage), str(label)) for stage, label in Stage.choices]
    hidden = HIDDEN_FROM_STATION[1:]
    return [(str(stage), UNITS_WORDS.get(stage, str(label))) for stage, label in Stage.choices if stage not in hidden]
