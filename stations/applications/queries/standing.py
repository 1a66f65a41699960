"""Where an operator stands before it applies: draft, open files, stations, bar (R-14, R-35)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from jinhua_labor.accounts.models import Organisation
from jinhua_labor.review.states import CLOSED, State
from stations.applications.models import Application
from stations.registry.models import Ban, Station
from stations.registry.rules import Bar


@dataclass(frozen=True, slots=True)
class Standing:
    """What an operator is told on 我要申请."""

    draft: Application | None
    open_files: tuple[Application, ...]
    stations: tuple[Station, ...]
    bar: Bar | None


def standing(operator: Organisation, *, day: dt.date) -> Standing:
    """Four queries."""
    ban = bar_of_unit(operator.credit_code, day=day)
    files = (
        Application.objects.filter(operator=operator)
        .exclude(review__state__in=sorted(CLOSED))
        .select_related("review", "operator")
    )
    rows = list(files)
    return Standing(
        draft=next((row for row in rows if row.review.state == State.DRAFT), None),
        open_files=tuple(row for row in rows if row.review.state != State.DRAFT),
        stations=tuple(Station.objects.filter(operator=operator)),
        bar=ban,
    )


def bar_of_unit(credit_code: str, *, day: dt.date) -> Bar | None:
    """The bar that holds on this day and reaches furthest; None when the unit may submit."""
    row = Ban.objects.in_force(credit_code, day).order_by("-last_day").first()
    return Bar(row.last_day) if row else None
