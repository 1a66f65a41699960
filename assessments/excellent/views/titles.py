"""One 复核 of a title: the criteria over the two latest years, the ledgers on site, its two steps (R-42)."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from assessments.excellent import queries
from assessments.excellent.forms import DecideForm, OpinionForm, RectifyForm, WithdrawTitleForm
from assessments.excellent.models import LedgerSight, Reverification
from assessments.excellent.rules import rectifies_first, waits
from assessments.excellent.services import candidates as sights
from assessments.excellent.services import titles as services
from assessments.sheets.models import Assessment
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.forms import PortalForm
from jinhua_labor.review.queries import buttons
from jinhua_labor.review.states import Action, State
from jinhua_labor.rulebook import policy_on
from stations.oversight.views.common import status_of

from .common import READERS, Bound, ledger_form, looks, posted

HANDED_IN = (State.SUBMITTED, State.SCREENED)


def fetch(request: UserRequest, pk: uuid.UUID) -> Reverification:
    rows = Reverification.objects.visible_to(request.user).select_related(
        "title__station", "title__operator", "title__document", "title__end_document", "review", "after", "second"
    )
    return get_object_or_404(rows, pk=pk)


@require_GET
@allow(*READERS)
def reverification(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return show(request, fetch(request, pk))


def show(
    request: UserRequest, row: Reverification, *, bound: Bound | None = None, refusal: Refused | None = None
) -> HttpResponse:
    """The page of one 复核 with the forms of the steps this person may take now."""
    user, bound, station = request.user, bound or {}, row.title.station
    found = (
        queries.from_json(row.figures) if row.decided_on else queries.matrix_of(station, cutoff=today(), latest=True)
    )
    years = queries.years_to_see(station, until=today()) if user.role != Role.OPERATOR else ()
    handed_in = row.review is not None and row.review.state in HANDED_IN
    context: dict[str, Any] = {
        "row": row,
        "matrix": found,
        "years": looks(
            [pair for pair in years if pair[0].period_no in found.years],
            bound,
            may=user.role == Role.CENTRE and not handed_in and not row.decided_on,
        ),
        "refusal": refusal,
        **_forms(row, user, bound, met=found.met),
    }
    failed = refusal is not None or bool(bound)
    return render(request, "excellent/reverification.html", context, status=status_of(refusal) if failed else 200)


def _forms(row: Reverification, user: Any, bound: Bound, *, met: bool | None) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if row.decided_on:
        return made
    handed_in = row.review is not None and row.review.state in HANDED_IN
    early = row.after is not None and waits(row.after.rectify_until, met=met, on=today())
    actions = buttons(row.review, user) if row.review else ()

    def offer(name: str, form: type[PortalForm], **initial: Any) -> None:
        made[f"{name}_form"] = bound.get(name) or form(initial=initial, auto_id=f"id_{name}_%s")

    start = {"key": uuid.uuid4(), "version": row.review.version} if row.review else {}
    made["early"] = early and user.role == Role.CENTRE
    made["may_submit"] = user.role == Role.CENTRE and not handed_in and met is not None and not early
    if user.role == Role.CENTRE and Action.SCREEN in actions:
        offer("screen", OpinionForm, **start)
    if user.role == Role.BUREAU and Action.APPROVE in actions:
        if met:
            offer("keep", DecideForm, **start)
        elif met is False and rectifies_first(again=row.after_id is not None, policy=policy_on(today()).policy):
            offer("rectify", RectifyForm, **start)
        elif met is False and not early:
            offer("withdraw", WithdrawTitleForm, **start, issued_on=today())
        offer("back", OpinionForm, **start)
    return made


def _step(request: UserRequest, pk: uuid.UUID, name: str, form: PortalForm, call: Any, words: str) -> HttpResponse:
    """One posted step of the 复核."""
    row = fetch(request, pk)
    return posted(
        request,
        name,
        form,
        call,
        again=lambda bound, refusal: show(request, fetch(request, pk), bound=bound, refusal=refusal),
        to=row,
        words=words,
    )


@require_POST
@allow(Role.CENTRE)
@keeps_typed()
def ledger(request: UserRequest, pk: uuid.UUID, year: uuid.UUID) -> HttpResponse:
    """实地核对台账 of one of the years looked at."""
    row = fetch(request, pk)
    station = row.title.station
    assessment = get_object_or_404(Assessment.objects.visible_to(request.user), pk=year, station=station)

    def call(data: dict[str, Any]) -> LedgerSight:
        return sights.see_ledger(assessment_id=assessment.pk, by=request.user, **data)

    form = ledger_form(assessment, request.POST)
    return _step(request, pk, f"ledger-{year}", form, call, f"已登记{assessment}的台账核对。")


@require_POST
@allow(Role.CENTRE)
def submit(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """报审."""

    def call(_data: dict[str, Any]) -> object:
        return services.submit(reverification_id=pk, by=request.user)

    return _step(request, pk, "submit", PortalForm(request.POST), call, "已报审，由同事初审。")


@require_POST
@allow(Role.CENTRE)
@keeps_typed()
def screen(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """初审."""

    def call(data: dict[str, Any]) -> object:
        return services.screen(reverification_id=pk, by=request.user, **data)

    return _step(request, pk, "screen", OpinionForm(request.POST, auto_id="id_screen_%s"), call, "已报区人社局审核。")


@require_POST
@allow(Role.BUREAU)
@keeps_typed()
def back(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """退回初审."""

    def call(data: dict[str, Any]) -> object:
        return services.send_back(reverification_id=pk, by=request.user, **data)

    return _step(request, pk, "back", OpinionForm(request.POST, auto_id="id_back_%s"), call, "已退回初审。")


@require_POST
@allow(Role.BUREAU)
@keeps_typed()
def keep(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """复核通过."""

    def call(data: dict[str, Any]) -> object:
        return services.keep(reverification_id=pk, by=request.user, **data)

    return _step(request, pk, "keep", DecideForm(request.POST, auto_id="id_keep_%s"), call, "复核通过，称号保留。")


@require_POST
@allow(Role.BUREAU)
@keeps_typed()
def rectify(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """限期整改."""

    def call(data: dict[str, Any]) -> object:
        return services.rectify(reverification_id=pk, by=request.user, **data)

    form = RectifyForm(request.POST, auto_id="id_rectify_%s")
    return _step(request, pk, "rectify", form, call, "已要求限期整改，期满再次复核。")


@require_POST
@allow(Role.BUREAU)
@keeps_typed()
def withdraw(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """复核不通过，撤销称号."""

    def call(data: dict[str, Any]) -> object:
        return services.withdraw(reverification_id=pk, by=request.user, **data)

    form = WithdrawTitleForm(request.POST, request.FILES, auto_id="id_withdraw_%s")
    return _step(request, pk, "withdraw", form, call, "称号已撤销。")
