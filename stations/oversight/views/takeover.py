"""变更承建单位: what the new unit, the centre and the bureau post to the page of the change."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.core.forms import PortalForm
from jinhua_labor.review.states import Recommendation
from stations.oversight.enums import UnitCondition, UnitCredit, UnitVerdict
from stations.oversight.forms.changes import DecideForm, ScreenForm, SendBackForm, UnitCheckForm, UnitCreditForm
from stations.oversight.models import ChangeReport
from stations.oversight.services import takeover as services

from .changes import fetch, show
from .common import Steps


def _fetch(request: UserRequest, pk: uuid.UUID) -> ChangeReport:
    """The change, or 404 for somebody else's and for one that goes no two steps."""
    change = fetch(request, pk)
    if change.review is None:
        raise Http404
    return change


STEPS = Steps(_fetch, show)


@keeps_typed()
@require_POST
@allow(Role.OPERATOR)
def change_accept(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """接收单位确认承接."""
    if _fetch(request, pk).new_operator_id != request.user.organisation_id:
        raise Http404
    return STEPS.take(
        request,
        pk,
        "accept",
        PortalForm,
        lambda _data: services.accept(change_id=pk, by=request.user),
        "已确认承接。",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def change_check(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """One condition of the new unit."""
    condition = request.POST.get("condition", "")
    return STEPS.take(
        request,
        pk,
        f"check-{condition}",
        UnitCheckForm,
        lambda data: services.check_unit(
            change_id=pk,
            condition=UnitCondition(data["condition"]),
            verdict=UnitVerdict(data["verdict"]),
            reason=data["reason"],
            by=request.user,
        ),
        "已登记判断。",
        auto_id=f"id_{condition}_%s",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def change_credit(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """信用核查."""
    return STEPS.take(
        request,
        pk,
        "credit",
        UnitCreditForm,
        lambda data: services.record_credit(
            change_id=pk, result=UnitCredit(data["result"]), note=data["note"], by=request.user
        ),
        "已登记信用核查。",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def change_screen(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """初审."""

    def call(data: dict[str, Any]) -> object:
        data = dict(data)
        recommendation = Recommendation(data.pop("recommendation"))
        return services.screen(change_id=pk, by=request.user, recommendation=recommendation, **data)

    return STEPS.take(request, pk, "screen", ScreenForm, call, "已报区人社局审核。")


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def change_approve(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """审核通过."""
    return STEPS.take(
        request,
        pk,
        "approve",
        DecideForm,
        lambda data: services.approve(change_id=pk, by=request.user, **data),
        "已审核通过。",
    )


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def change_reject(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """不予变更."""
    return STEPS.take(
        request,
        pk,
        "reject",
        DecideForm,
        lambda data: services.reject(change_id=pk, by=request.user, **data),
        "已作出不予变更的决定。",
    )


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def change_back(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """退回初审."""
    return STEPS.take(
        request,
        pk,
        "back",
        SendBackForm,
        lambda data: services.return_to_centre(change_id=pk, by=request.user, **data),
        "已退回初审。",
    )
