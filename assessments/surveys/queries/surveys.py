"""Reads of the satisfaction surveys: lists, how far one has come, and the facts C1 and C2 are scored by."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q

from assessments.surveys import rules
from assessments.surveys.enums import LINES, Kind, Satisfaction, Second, Third
from assessments.surveys.models import Survey, SurveyAnswer, SurveyCard, SurveyQuerySet
from jinhua_labor.accounts.enums import OFFICE_ROLES
from jinhua_labor.accounts.models import User
from jinhua_labor.policy.periods import Period, assessment_periods
from jinhua_labor.policy.scoring import SurveyFact, line_score
from jinhua_labor.rulebook import policy_on
from stations.oversight.rules.codes import digest
from stations.registry.enums import PUBLIC_STATES
from stations.registry.models import Station
from stations.roster.models import FrozenYear

OWED_DAYS = 365
"""How long after its end a year without a survey is still named: then its assessment is over."""

OPEN, CLOSED = "open", "closed"
YearKey = tuple[uuid.UUID, int]


# --- Facts ------------------------------------------------------------------------------------------------------------


def fact_of(station: Station, period: Period, kind: Kind) -> SurveyFact:
    """The fact of C1 (务工人员) or C2 (企业) of a year: what its survey found, once it is closed. While it runs, and
    where there was none, there are no answers; `required` is the draw's, 0 without one. One query."""
    return facts_of([(station.pk, period.number)])[station.pk, period.number][kind]


def facts_of(years: Iterable[YearKey]) -> dict[YearKey, dict[Kind, SurveyFact]]:
    """The facts of many years, each (station's pk, 第几年度), both kinds of each; one query whatever their number."""
    keys = list(years)
    found = {key: {kind: SurveyFact(0, 0) for kind in Kind} for key in keys}
    rows = Survey.objects.filter(station__in={station for station, _ in keys}).values_list(
        "station_id", "period_no", "kind", "valid", "satisfied", "required"
    )
    for station, number, kind, valid, satisfied, required in rows:
        if (station, number) in found:
            counted = rules.Tally(valid, satisfied) if valid is not None else None
            found[station, number][Kind(kind)] = rules.fact(counted, required)
    return found


def of_year(station: Station, period: Period) -> dict[Kind, Survey]:
    """The surveys of a year, running ones too: the papers behind the two facts."""
    return {Kind(row.kind): row for row in Survey.objects.filter(station=station, period_no=period.number)}


# --- Years ------------------------------------------------------------------------------------------------------------


def year_of(station: Station, number: int, *, on: dt.date) -> Period | None:
    """The year of the station with this number, if it has begun."""
    for period in assessment_periods(station.established_on, policy=policy_on(on).policy):
        if period.start > on or period.number > number:
            break
        if period.number == number:
            return period
    return None


@dataclass(frozen=True, slots=True)
class Owed:
    """A year whose survey may be opened and is not."""

    station: Station
    period: Period
    over: bool


def owed(*, day: dt.date, station: Station | None = None) -> list[Owed]:
    """Years near their end or over that have no survey yet, the earliest first; those in which nobody counted are left
    out once they are frozen. Three queries for all stations."""
    stations = Station.objects.filter(state__in=PUBLIC_STATES).select_related("operator").order_by("number")
    if station is not None:
        stations = stations.filter(pk=station.pk)
    policy = policy_on(day).policy
    asked = set(Survey.objects.values_list("station_id", "period_no"))
    empty = set(FrozenYear.objects.filter(counted=0).values_list("station_id", "period_no"))
    found = []
    for one in stations:
        for period in assessment_periods(one.established_on, policy=policy):
            if rules.opening_problem(period, on=day, settings=policy.settings):
                break
            key = (one.pk, period.number)
            if key not in asked and key not in empty and period.end >= day - dt.timedelta(days=OWED_DAYS):
                found.append(Owed(one, period, period.end < day))
    return sorted(found, key=lambda item: (item.period.end, item.station.number))


# --- One survey -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """A survey with how many have answered; what they said is not in it."""

    survey: Survey
    answered: int

    @property
    def rate(self) -> str:
        return rules.rate_words(self.survey.drawn, self.answered)

    @property
    def percent(self) -> str:
        return rules.percent(self.answered, self.survey.drawn)

    @property
    def sample(self) -> str:
        return rules.sample_words(self.answered, self.survey.required)

    @property
    def short(self) -> bool:
        """样本不足, as long as it stands."""
        return self.answered < self.survey.required

    @property
    def missing(self) -> int:
        """Answers short of the sample that is asked for."""
        return max(0, self.survey.required - self.answered)

    @property
    def satisfied_percent(self) -> str:
        return rules.percent(self.survey.satisfied or 0, self.survey.valid or 0)

    @property
    def points(self) -> Decimal | None:
        """The points its line of 附件3 gives by these answers; None before it is closed."""
        survey = self.survey
        if survey.valid is None or survey.satisfied is None:
            return None
        policy = policy_on(survey.ends_on).policy
        counted = SurveyFact(survey.satisfied, survey.valid, survey.required)
        return line_score(LINES[Kind(survey.kind)], counted, policy=policy).points

    @property
    def weight(self) -> int:
        return policy_on(self.survey.ends_on).policy.indicator(LINES[Kind(self.survey.kind)]).weight


def progress_of(surveys: Iterable[Survey]) -> list[Progress]:
    """How many have answered each; one query, for those that still run."""
    rows = list(surveys)
    running = [row.pk for row in rows if not row.is_closed]
    used = (
        SurveyCard.objects.filter(survey__in=running, used=True)
        .order_by()
        .values_list("survey")
        .annotate(n=Count("pk"))
    )
    answered = dict(used) if running else {}
    return [Progress(row, answered.get(row.pk, 0) if row.valid is None else row.valid) for row in rows]


@dataclass(frozen=True, slots=True)
class Spread:
    """The answers to one question, each choice with its share."""

    question: str
    shares: list[rules.Share]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a closed survey found, as far as it may be shown: by answer, and the comments in no order, without a day.

    `hidden` says why nothing is shown.
    """

    hidden: str = ""
    spreads: list[Spread] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def findings(survey: Survey, *, user: User, questions: tuple[str, str, str]) -> Findings:
    """For a survey `visible_to` gave. While it runs nothing is shown: who looks twice would read the answer that came
    in between. Comments are for the offices."""
    if not survey.is_closed:
        return Findings("调查进行中不显示答题内容，结束之后再显示汇总。")
    settings = policy_on(survey.ends_on).policy.settings
    if not rules.may_show(survey.valid or 0, settings=settings):
        return Findings(f"答卷不足{settings.survey_show_from}份，为避免看出是谁答的，不显示分布和意见。")
    answers = SurveyAnswer.objects.filter(survey=survey).order_by()
    spreads = []
    for question, name, choices in zip(
        questions, ("satisfaction", "second", "third"), (Satisfaction, Second, Third), strict=True
    ):
        counts = dict(answers.values_list(name).annotate(n=Count("pk")))
        spreads.append(Spread(question, rules.shares(counts, [*choices.choices, ("", "没有回答")])))
    comments = []
    if user.role in OFFICE_ROLES:
        comments = list(answers.exclude(comment="").values_list("comment", flat=True))
        random.SystemRandom().shuffle(comments)
    return Findings("", spreads, comments)


# --- The link of a card -----------------------------------------------------------------------------------------------


def by_code(code: str, *, day: dt.date) -> Survey | None:
    """The survey the card with this code can still answer; None for every code that leads nowhere, for any reason."""
    card = SurveyCard.objects.select_related("survey__station").filter(digest=digest(code[:100])).first()
    if card is None or not card.survey.takes_answers(day):
        return None
    if card.used and card.survey.kind == Kind.WORKERS:
        return None
    return card.survey


# --- Lists ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SurveyFilters:
    q: str = ""
    kind: str = ""
    state: str = ""

    @property
    def any(self) -> bool:
        return bool(self.q or self.kind or self.state)


def surveys(user: User, filters: SurveyFilters) -> SurveyQuerySet:
    """Surveys this person may see; those that close last come first."""
    rows = Survey.objects.visible_to(user).select_related("station__operator")
    for word in filters.q.split()[:5]:
        rows = rows.filter(Q(station__name__icontains=word) | Q(station__number__icontains=word))
    if filters.kind in Kind.values:
        rows = rows.filter(kind=filters.kind)
    if filters.state in (OPEN, CLOSED):
        rows = rows.filter(closed_at__isnull=filters.state == OPEN)
    return rows.order_by("-closes_on", "station__number", "-kind", "pk")
