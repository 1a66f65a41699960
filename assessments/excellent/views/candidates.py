"""One candidate: the four criteria × years, the ledger on site, the two steps."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from assessments.excellent import queries
from assessments.excellent.enums import CandidateStage
from assessments.excellent.forms import DecideForm, OpinionForm, RejectForm, ScreenForm, StrikeForm
from assessments.excellent.models import Candidate, LedgerSight
from assessments.excellent.services import candidates as services
from assessments.excellent.services.rounds import is_listed
from assessments.sheets.models import Assessment
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.forms import PortalForm
from jinhua_labor.review.queries import buttons
from jinhua_labor.review.states import Action, Recommendation
from stations.oversight.views.common import status_of

from .common import OFFICES, READERS, Bound, ledger_form, looks, posted


def fetch(request: UserRequest, pk: uuid.UUID) -> Candidate:
    rows = Candidate.objects.visible_to(request.user).select_related("round__notice", "station", "operator", "review")
    return get_object_or_404(rows, pk=pk)


@require_GET
@allow(*READERS)
def candidate(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return show(request, fetch(request, pk))


def show(
    request: UserRequest, row: Candidate, *, bound: Bound | None = None, refusal: Refused | None = None
) -> HttpResponse:
    """The candidate's page with the forms of the steps this person may take now."""
    user, bound = request.user, bound or {}
    found = queries.from_json(row.figures) if row.figures else queries.matrix_of(row.station, cutoff=row.round.cutoff)
    context: dict[str, Any] = {
        "row": row,
        "matrix": found,
        "frozen": row.figures is not None,
        "refusal": refusal,
        "office": user.role in {*OFFICES, Role.AUDITOR},
        "years": looks(
            queries.years_to_see(row.station, until=row.round.cutoff),
            bound,
            may=user.role == Role.CENTRE and row.stage == CandidateStage.SUBMITTED,
        )
        if user.role != Role.OPERATOR
        else (),
        **_forms(row, user, bound, met=found.met),
    }
    failed = refusal is not None or bool(bound)
    return render(request, "excellent/candidate.html", context, status=status_of(refusal) if failed else 200)


def _forms(row: Candidate, user: Any, bound: Bound, *, met: bool | None) -> dict[str, Any]:
    made: dict[str, Any] = {}
    actions = buttons(row.review, user)
    start = {"key": uuid.uuid4(), "version": row.review.version}

    def offer(name: str, form: type[PortalForm], **initial: Any) -> None:
        made[f"{name}_form"] = bound.get(name) or form(initial=initial, auto_id=f"id_{name}_%s")

    if user.role == Role.CENTRE and Action.SCREEN in actions:
        offer("screen", ScreenForm, **start, recommendation=Recommendation.AGREE if met else None)
    if user.role == Role.BUREAU and Action.REJECT in actions:
        if row.review.recommendation == Recommendation.AGREE:
            offer("approve", DecideForm, **start)
        offer("back", OpinionForm, **start)
        offer("reject", RejectForm, **start)
    if user.role == Role.BUREAU and row.stage == CandidateStage.APPROVED and not is_listed(row.round):
        offer("strike", StrikeForm)
    made["may_withdraw"] = user.role == Role.OPERATOR and Action.WITHDRAW in actions
    return made


def _step(request: UserRequest, pk: uuid.UUID, name: str, form: PortalForm, call: Any, words: str) -> HttpResponse:
    """One posted step of the candidate."""
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
    """实地核对台账 of one year of the candidate's station."""
    row = fetch(request, pk)
    assessment = get_object_or_404(Assessment.objects.visible_to(request.user), pk=year, station=row.station)
    form = ledger_form(assessment, request.POST)

    def call(data: dict[str, Any]) -> LedgerSight:
        return services.see_ledger(assessment_id=assessment.pk, by=request.user, **data)

    return _step(request, pk, f"ledger-{year}", form, call, f"已登记{assessment}的台账核对。")


@require_POST
@allow(Role.CENTRE)
@keeps_typed()
def screen(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """初审."""

    def call(data: dict[str, Any]) -> object:
        return services.screen(
            candidate_id=pk,
            recommendation=Recommendation(data["recommendation"]),
            opinion=data["opinion"],
            by=request.user,
            version=data["version"],
            key=data["key"],
        )

    return _step(request, pk, "screen", ScreenForm(request.POST, auto_id="id_screen_%s"), call, "已报区人社局审核。")


@require_POST
@allow(Role.BUREAU)
@keeps_typed()
def approve(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """审核通过."""
    form = DecideForm(request.POST, auto_id="id_approve_%s")

    def call(data: dict[str, Any]) -> object:
        return services.approve(candidate_id=pk, by=request.user, **data)

    return _step(request, pk, "approve", form, call, "已入选。")


@require_POST
@allow(Role.BUREAU)
@keeps_typed()
def back(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """退回初审."""
    form = OpinionForm(request.POST, auto_id="id_back_%s")

    def call(data: dict[str, Any]) -> object:
        return services.send_back(candidate_id=pk, by=request.user, **data)

    return _step(request, pk, "back", form, call, "已退回初审。")


@require_POST
@allow(Role.BUREAU)
@keeps_typed()
def reject(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """未入选."""
    form = RejectForm(request.POST, auto_id="id_reject_%s")

    def call(data: dict[str, Any]) -> object:
        return services.reject(candidate_id=pk, by=request.user, **data)

    return _step(request, pk, "reject", form, call, "已办结。")


@require_POST
@allow(Role.BUREAU)
@keeps_typed()
def strike(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """从名单中除去."""
    form = StrikeForm(request.POST, auto_id="id_strike_%s")

    def call(data: dict[str, Any]) -> object:
        return services.strike_out(candidate_id=pk, by=request.user, **data)

    return _step(request, pk, "strike", form, call, "已从名单中除去。")


@require_POST
@allow(Role.OPERATOR)
def withdraw(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """撤回."""
    return _step(
        request,
        pk,
        "withdraw",
        PortalForm(request.POST),
        lambda _data: services.withdraw(candidate_id=pk, by=request.user),
        "已撤回申报。",
    )
