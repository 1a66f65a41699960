"""A year's surveys are opened and their samples drawn: by the centre, at random, from those who count."""

from __future__ import annotations

import datetime as dt
import uuid
from random import Random
from secrets import SystemRandom

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assessments.surveys import rules
from assessments.surveys.enums import Kind
from assessments.surveys.models import Survey, SurveyCard
from assessments.surveys.queries.population import Population, population
from assessments.surveys.queries.surveys import year_of
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.policy.periods import Period
from jinhua_labor.policy.types import Policy
from jinhua_labor.rulebook import policy_on
from stations.oversight.rules.codes import new_code
from stations.oversight.services.common import lock_station
from stations.registry.models import Employer, Station

AT_ONCE = 1000


@transaction.atomic
def open_surveys(*, station_id: uuid.UUID, number: int, closes_on: dt.date, by: User) -> list[Survey]:
    """Opens the surveys of workers and of employers of a year and draws both samples; cards can be printed at once.

    Once a year: a second call of the same person with the same last day gives what the first one made (a form sent
    twice); any other raises Conflict. Raises Refused where the year is too young, the last day is out of range, or
    nobody of the year counts.
    """
    if by.role != Role.CENTRE:
        raise PermissionDenied
    station, day = lock_station(station_id), today()
    period = year_of(station, number, on=day)
    if period is None:
        raise Refused("工作站没有这个年度。")
    there = list(Survey.objects.filter(station=station, period_no=number).order_by("-kind"))
    if there:
        if all(one.drawn_by_id == by.pk and one.opens_on == day and one.closes_on == closes_on for one in there):
            return there
        raise Conflict("该年度的满意度调查已经开展，一个年度只开展一次。")
    policy = policy_on(period.end).policy
    if problem := rules.opening_problem(period, on=day, settings=policy.settings):
        raise Refused(problem)
    if problem := rules.closing_problem(day, closes_on, settings=policy.settings):
        raise Refused("还不能开展调查。", problems=((problem, "#id_closes_on"),))
    people = population(station, period)
    if not people.workers:
        raise Refused("该年度没有计入的输送人员，没有可以抽取的对象；名册核算后再开展。")
    chance = SystemRandom()
    surveys = []
    for kind in (Kind.WORKERS, Kind.EMPLOYERS):
        survey = _survey(kind, station, period, people, closes_on=closes_on, policy=policy, by=by)
        _draw(survey, people, chance)
        record(
            by=by,
            action="survey.open",
            obj=survey,
            detail={"population": survey.population, "required": survey.required, "drawn": survey.drawn,
                    "closes_on": closes_on.isoformat(), "frozen": survey.frozen},
        )  # fmt: skip
        surveys.append(survey)
    return surveys


def _survey(
    kind: Kind, station: Station, period: Period, people: Population, *, closes_on: dt.date, policy: Policy, by: User
) -> Survey:
    number = len(people.workers if kind == Kind.WORKERS else people.employers)
    return Survey.objects.create(
        station=station,
        period_no=period.number,
        starts_on=period.start,
        ends_on=period.end,
        kind=kind,
        opens_on=today(),
        closes_on=closes_on,
        policy_version=policy.id,
        population=number,
        required=rules.required(kind, number, settings=policy.settings),
        drawn=rules.cards(kind, number, settings=policy.settings),
        frozen=people.frozen,
        drawn_by=by,
    )


def _draw(survey: Survey, people: Population, chance: Random) -> None:
    """The cards, numbered by employer, so that those handed out at one gate lie together."""
    if survey.kind == Kind.WORKERS:
        drawn = rules.draw(people.workers, survey.drawn, chance=chance)
        names = dict(Employer.objects.filter(pk__in={employer for _, employer in drawn}).values_list("pk", "name"))
        drawn.sort(key=lambda one: (names[one[1]], one[1]))  # stable: within an employer the order of the draw
        whose: list[dict[str, uuid.UUID]] = [{"delivery_id": delivery} for delivery, _ in drawn]
    else:
        named = Employer.objects.filter(pk__in=rules.draw(people.employers, survey.drawn, chance=chance))
        whose = [{"employer_id": pk} for pk in named.order_by("name", "pk").values_list("pk", flat=True)]
    cards = []
    for number, ref in enumerate(whose, 1):
        code, kept = new_code()
        cards.append(SurveyCard(survey=survey, number=number, digest=kept, code=code.replace("-", ""), **ref))
    SurveyCard.objects.bulk_create(cards, batch_size=AT_ONCE)
