"""What people do in a station's year: pages of the station by their tabs, forms filled in by their fields' names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, expect

from jinhua_labor.core.clock import today
from jinhua_labor.demo.people import MACHINES, Unit, Worker, months
from jinhua_labor.policy.periods import add_months
from stations.registry.models import Station
from stations.roster.models import Delivery

from . import crew
from .visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload


def with_plaque() -> Station:
    """The station of the demo that is in the middle of its year."""
    return Station.objects.get(plaque_no="JD-001")


# --- moving about and filling in --------------------------------------------------------------------------------------


def tab(visitor: Visitor, name: str) -> None:
    """One of the station's pages, by its tab."""
    with visitor.page.expect_navigation():
        visitor.page.locator(".tabs").first.get_by_role("link", name=name, exact=True).click()


def fill(form: Locator, **values: str | Sequence[FilePayload]) -> None:
    """Fields by name, as a person fills each kind in: typed, chosen, ticked, or files put there."""
    for name, value in values.items():
        boxes = form.locator(f'[name="{name}"]')
        kind = boxes.first.get_attribute("type")
        if not isinstance(value, str):
            boxes.first.set_input_files(list(value))
        elif kind in ("radio", "checkbox"):
            (form.locator(f'[name="{name}"][value="{value}"]') if boxes.count() > 1 else boxes).check()
        elif form.locator(f'select[name="{name}"]').count():
            boxes.select_option(value)
        else:
            boxes.fill(value)


def send(visitor: Visitor, button: str, *, within: Locator | None = None) -> None:
    """A button that posts; done when the next page has come."""
    with visitor.page.expect_navigation():
        visitor.press(button, within=within)


def form_to(visitor: Visitor, step: str) -> Locator:
    """The form of a step, by the end of its address."""
    return visitor.page.locator(f'#main form[action$="/{step}/"]')


def told(visitor: Visitor, text: str) -> None:
    expect(visitor.page.locator("#main")).to_contain_text(text)


def day(offset: int = 0) -> str:
    """The day so many days from today, as a date field takes it."""
    return f"{today() + dt.timedelta(days=offset)}"


# --- the roster and its insurance -------------------------------------------------------------------------------------


def newcomer(entry: dt.date, *, insured: int = 0) -> Worker:
    """Somebody of 贵州 whom nobody has named before."""
    return crew.one(entry, MACHINES, months(entry, insured, MACHINES, paid_later=0))


def typed(worker: Worker) -> dict[str, str]:
    """The person as 逐人添加 asks for him."""
    return {
        "name": worker.name,
        "id_number": worker.id_number,
        "hukou_text": worker.hukou,
        "employer_name": worker.employer.name,
        "credit_code": worker.employer.credit_code,
        "entry_on": f"{worker.entry_on}",
        "employment_form": worker.form,
        "post": worker.post,
        "consented": "on",
    }


def extract(station: Station, *more: Worker, first: dt.date, last: dt.date) -> FilePayload:
    """What the insurance office sends back: everybody of the station, insured by his employer in each of these months
    since he entered, and `more` people as they are."""
    rows = Delivery.objects.filter(station=station, leave_on__isnull=True).select_related("person", "employer")
    named = {one.id_number for one in more}
    people = {row.person_id: row for row in rows if row.person.id_number not in named}
    found = []
    for row in people.values():
        unit, entered = Unit(row.employer.name, row.employer.credit_code), row.entry_on.replace(day=1)
        since = max(entered, first.replace(day=1))
        count = (last.year - since.year) * 12 + last.month - since.month + 1
        insured = months(since, count, unit, paid_later=0)
        found.append(Worker(row.name, row.person.id_number, "", unit, row.entry_on, months=insured))
    return crew.insurance([*found, *more])


def before(months_back: int, days_back: int = 0) -> dt.date:
    """So many months before today, or before the day that lies so many days back."""
    return add_months(today() - dt.timedelta(days=days_back), -months_back)
