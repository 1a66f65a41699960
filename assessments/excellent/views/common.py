"""What the pages of this room share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from assessments.excellent.forms import LedgerSightForm
from assessments.excellent.models import LedgerSight
from assessments.sheets.models import Assessment
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.forms import PortalForm
from stations.oversight.views.common import attempt

OFFICES = (Role.CENTRE, Role.BUREAU)
READERS = (Role.OPERATOR, *OFFICES, Role.AUDITOR)
Bound = dict[str, PortalForm]
Again = Callable[[Bound, Refused | None], HttpResponse]


@dataclass(frozen=True, slots=True)
class Look:
    """A year with what was last seen of its ledger on site, and the form for a new look where there may be one."""

    year: Assessment
    sight: LedgerSight | None
    form: PortalForm | None


def ledger_form(year: Assessment, data: Any = None) -> LedgerSightForm:
    """The form of one year's ledger; its ids are of this year, for the page shows several."""
    return LedgerSightForm(data, initial={"seen_on": today()}, auto_id=f"id_ledger{year.period_no}_%s")


def looks(years: Iterable[tuple[Assessment, LedgerSight | None]], bound: Bound, *, may: bool) -> list[Look]:
    """The years of a page of a candidate or a 复核; the form that failed stands where it was sent."""
    return [
        Look(year, sight, (bound.get(f"ledger-{year.pk}") or ledger_form(year)) if may else None)
        for year, sight in years
    ]


def posted(
    request: UserRequest,
    name: str,
    form: PortalForm,
    call: Callable[[dict[str, Any]], object],
    *,
    again: Again,
    to: Any,
    words: str,
) -> HttpResponse:
    """One posted step: the form, the service, and the page `again` with what is wrong and all that was typed."""
    if not form.is_valid():
        return again({name: form}, None)
    _, refusal = attempt(lambda: call(form.cleaned_data))
    if refusal:
        return again({name: form}, refusal)
    messages.success(request, words)
    return redirect(to)
