"""The steps posted to a grant's page, each its form and its service."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.core.forms import PortalForm
from jinhua_labor.review.states import Recommendation
from subsidies.grants import forms
from subsidies.grants.models import OtherBenefit
from subsidies.grants.services import benefits, publicity, receipts, review

from .common import Steps, attempt
from .grants import fetch, show

STEPS = Steps(fetch, show)
Service = Callable[..., object]


def _take(
    request: UserRequest, pk: uuid.UUID, name: str, form: type[PortalForm], service: Service, words: str
) -> HttpResponse:
    """One step whose form gives just what its service takes."""

    def call(data: dict[str, Any]) -> object:
        return service(grant_id=pk, by=request.user, **data)

    return STEPS.take(request, pk, name, form, call, words)


@keeps_typed()
@require_POST
@allow(Role.OPERATOR, Role.CENTRE)
def account(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """确认收款账户."""
    form = forms.CentreAccountForm if request.user.role == Role.CENTRE else forms.AccountForm
    return _take(request, pk, "account", form, review.confirm_account, "收款账户已确认，由区就业服务中心初审。")


@keeps_typed()
@require_POST
@allow(Role.OPERATOR, Role.CENTRE)
def recheck(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The account looked at again after a bounce."""
    form = forms.CentreAccountForm if request.user.role == Role.CENTRE else forms.AccountForm

    def call(data: dict[str, Any]) -> object:
        return review.recheck_account(grant_id=pk, reason=data.get("reason", ""), by=request.user)

    return STEPS.take(request, pk, "recheck", form, call, "账户已重新核对，由财务再次拨付。")


@require_POST
@allow(Role.OPERATOR)
def received(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """确认到账."""
    row = fetch(request, pk)
    _, refusal = attempt(lambda: receipts.confirm_received(grant_id=pk, by=request.user))
    if refusal:
        return show(request, fetch(request, pk), refusal=refusal)
    messages.success(request, "已确认到账。")
    return redirect(row)


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def hand_back(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """退回 to the unit."""
    return _take(request, pk, "return", forms.ReasonForm, review.hand_back, "已退回单位重新确认账户。")


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def screen(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """初审."""

    def call(data: dict[str, Any]) -> object:
        data["recommendation"] = Recommendation(data["recommendation"])
        return review.screen(grant_id=pk, by=request.user, **data)

    return STEPS.take(request, pk, "screen", forms.ScreenForm, call, "已报区人社局审核。")


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def approve(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """审核通过."""
    return _take(request, pk, "approve", forms.ApproveForm, review.approve, "已审核。")


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def back(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """退回初审."""
    return _take(request, pk, "back", forms.OpinionForm, review.send_back, "已退回初审。")


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def reject(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """不予通过."""
    return _take(request, pk, "reject", forms.ReasonForm, review.reject, "已不予通过。")


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def cancel(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """取消补贴."""
    return _take(request, pk, "cancel", forms.CancelForm, review.cancel_by_bureau, "已取消这笔补贴。")


@keeps_typed()
@require_POST
@allow(Role.BUREAU, Role.FINANCE, Role.CENTRE)
def step(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """One step of 审批; whose it is the settings say, and the service asks."""
    return _take(request, pk, "step", forms.StepApprovalForm, publicity.approve_step, "审批已办理。")


@require_POST
@allow(Role.CENTRE)
def benefit(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """其他补助 recorded."""
    return _take(request, pk, "benefit", forms.BenefitForm, benefits.record_benefit, "已登记，由区人社局认定。")


@require_POST
@allow(Role.BUREAU)
def benefit_decide(request: UserRequest, pk: uuid.UUID, benefit: uuid.UUID) -> HttpResponse:
    """同一事项 or not; the form of this benefit stands in its row again where something is wrong."""
    row = fetch(request, pk)
    found = get_object_or_404(OtherBenefit.objects.visible_to(request.user), pk=benefit, grant=row)
    form = forms.BenefitDecisionForm(request.POST, auto_id=f"id_{found.pk}_%s")
    if not form.is_valid():
        return show(request, row, bound={str(found.pk): form})
    same = form.cleaned_data["same_matter"] == "1"
    _, refusal = attempt(
        lambda: benefits.decide_benefit(
            benefit_id=found.pk, same_matter=same, reason=form.cleaned_data["reason"], by=request.user
        )
    )
    if refusal:
        return show(request, fetch(request, pk), bound={str(found.pk): form}, refusal=refusal)
    messages.success(request, "已认定，应拨金额随之更新。")
    return redirect(row)


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def decide(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """局决定."""

    def call(data: dict[str, Any]) -> object:
        data["pay"] = data["pay"] == "1"
        return benefits.decide(grant_id=pk, by=request.user, **data)

    return STEPS.take(request, pk, "decide", forms.DecisionForm, call, "局决定已登记。")
