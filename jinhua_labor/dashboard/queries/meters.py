"""The live meter as pages show it: each step with the page where it can be done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from assessments.sheets.queries.evidence import page_of
from assessments.sheets.queries.meter import LineView, Meter, meters
from assessments.sheets.rules.steps import Step
from jinhua_labor.accounts.models import User
from stations.registry.enums import PUBLIC_STATES
from stations.registry.models import Station

SHOWN = 3
"""Meters on one home page; an operator has one station as a rule, the others are a click away."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A meter with its addresses."""

    meter: Meter

    @property
    def url(self) -> str:
        return reverse("dashboard:station_score", args=[self.meter.station.pk])

    def _page(self, code: str) -> str:
        return page_of(code, self.meter.station, self.meter.period)

    def steps(self) -> list[tuple[Step, str]]:
        return [(step, self._page(step.code)) for step in self.meter.outlook.steps]

    def lines(self) -> list[tuple[LineView, str]]:
        return [(one, self._page(one.line.code)) for one in self.meter.lines()]


def my_meters(user: User, *, day: dt.date) -> list[Shown]:
    """The running years of this unit's stations; a fixed number of queries."""
    rows = Station.objects.visible_to(user).filter(operator=user.organisation_id, state__in=PUBLIC_STATES)
    return [Shown(one) for one in meters(list(rows.order_by("number")[:SHOWN]), day=day)]


def meter_for(station: Station, *, day: dt.date) -> Shown | None:
    """The running year of one station; None when none runs."""
    return next((Shown(one) for one in meters([station], day=day)), None)
