"""A year under assessment as the journeys need it, and the lines of the sheet as a scorer fills them in."""

from __future__ import annotations

import datetime as dt
import re

from playwright.sync_api import Locator, expect

from assessments.models import Assessment, Sheet
from assessments.sheets.rules.facts import PARTS
from assessments.sheets.services import opening
from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.policy.periods import add_months
from stations.registry.models import Station
from tests.meta import rows

from . import crew, station
from .visitor import Visitor

JUDGED = (*PARTS, "D1")


def over_yesterday(user: User) -> Assessment:
    """A station of the unit whose first year ended yesterday; the hourly task has just opened its assessment."""
    since = add_months(today(), -12)
    place: Station = rows.station(
        operator=user.organisation,
        name=f"{user.organisation}驻甘肃省示例州样例县工作站",
        established_on=since,
        term_from=since,
        term_to=today() + dt.timedelta(days=730),
    )
    rows.liaison(station=place, since=since)
    assert opening.open_due(day=today(), by=User.objects.system(), stations=[place.pk]) == 1
    return Assessment.objects.get(station=place)


def sheet_of(year: Assessment) -> Sheet:
    """The sheet in force."""
    return Sheet.objects.filter(assessment=year).latest("round")


def line(visitor: Visitor, code: str) -> Locator:
    """The form of one line, its details opened."""
    found = visitor.page.locator(f"#line-{code}")
    form = found.locator("form.sheet-form")
    if not form.is_visible():
        found.locator("summary").first.click()
    return form


def save(visitor: Visitor, code: str, *, status: int = 200) -> None:
    """The line by itself; the page stays where it is."""
    with visitor.page.expect_response(re.compile(f"/lines/{code}/$")) as answer:
        line(visitor, code).get_by_role("button", name=re.compile("^保存这一项")).click()
    assert answer.value.status == status


def judge(visitor: Visitor) -> None:
    """Every line a person has to give: everything seen on site, nothing new."""
    for code in JUDGED:
        parts = PARTS.get(code, ())
        words = {"reason": "已实地核实"} if parts else {"points": "0"}
        station.fill(line(visitor, code), **{f"part_{number}": "1" for number in range(len(parts))}, **words)
        save(visitor, code)
        expect(visitor.page.locator(f"#line-{code}.sheet-open")).to_have_count(0)


def override(visitor: Visitor, code: str, points: str, reason: str) -> None:
    station.fill(line(visitor, code), points=points, reason=reason, files=[crew.scan("核对记录")])
    save(visitor, code)
    expect(visitor.page.locator(f"#line-{code}")).to_contain_text("与系统分不同")
