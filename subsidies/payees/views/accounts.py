"""收款账户: the list, a unit's page, one change with its steps."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import Organisation
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.forms import PortalForm
from jinhua_labor.rulebook import policy_on
from stations.oversight.views.common import Bound, Steps, attempt, page_of, status_of
from subsidies.payees.enums import ChangeState
from subsidies.payees.forms import AccountForm, CheckForm, PurposeForm, ReasonForm
from subsidies.payees.models import AccountChange
from subsidies.payees.queries import accounts as queries
from subsidies.payees.services import accounts as services

READERS = (Role.OPERATOR, Role.CENTRE, Role.BUREAU, Role.FINANCE, Role.AUDITOR)
LOOKS = {
    ChangeState.ASKED: "SUBMITTED",
    ChangeState.CHECKED: "SCREENED",
    ChangeState.CONFIRMED: "APPROVED",
    ChangeState.REFUSED: "REJECTED",
    ChangeState.STOPPED: "WITHDRAWN",
}


def shown(row: AccountChange) -> dict[str, str]:
    """State and word for the pill; a confirmed account that still waits says so."""
    label, on = row.get_state_display(), row.account.effective_on
    if row.state == ChangeState.CONFIRMED and on is not None and on > today():
        label = "等待生效"
    return {"state": LOOKS[ChangeState(row.state)], "label": label}


@require_GET
@allow(*READERS)
def index(request: UserRequest) -> HttpResponse:
    """A unit goes to its own account; the offices read what was handed in, what waits for them first."""
    user = request.user
    if user.role == Role.OPERATOR:
        return redirect("payees:unit", user.organisation_id)
    page = page_of(request, queries.changes(user))
    waiting = list(queries.waiting(user)[:20])
    context = {
        "page_obj": page,
        "rows": [{"row": row, "pill": shown(row)} for row in page.object_list],
        "waiting": [{"row": row, "pill": shown(row)} for row in waiting],
    }
    return render(request, "payees/index.html", context)


def _unit(request: UserRequest, pk: uuid.UUID) -> Organisation:
    return get_object_or_404(queries.units(request.user), pk=pk)


@require_GET
@allow(*READERS)
def unit(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _show_unit(request, _unit(request, pk))


def _show_unit(
    request: UserRequest, organisation: Organisation, *, form: AccountForm | None = None, refusal: Refused | None = None
) -> HttpResponse:
    user = request.user
    found = queries.unit(organisation, user, day=today())
    if form is None and found.open is None and user.role in {Role.OPERATOR, Role.CENTRE}:
        initial = {"key": uuid.uuid4(), "holder": organisation.name}
        form = AccountForm(initial=initial, changing=found.current is not None)
    context = {
        "unit": found,
        "history": [{"row": row, "pill": shown(row)} for row in found.history],
        "form": form,
        "refusal": refusal,
        "days": policy_on(today()).policy.settings.account_change_days,
    }
    failed = refusal is not None or (form is not None and form.is_bound)
    return render(request, "payees/unit.html", context, status=status_of(refusal) if failed else 200)


@require_POST
@allow(Role.OPERATOR, Role.CENTRE)
def ask(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记 or 变更. What was typed stands on the page again; a number is never kept anywhere else."""
    organisation = _unit(request, pk)
    changing = queries.current(organisation.pk, day=today()) is not None
    form = AccountForm(request.POST, request.FILES, changing=changing)
    if not form.is_valid():
        return _show_unit(request, organisation, form=form)
    data = {"reason": "", **form.cleaned_data}
    row, refusal = attempt(lambda: services.ask(organisation_id=pk, by=request.user, **data))
    if refusal:
        return _show_unit(request, organisation, form=form, refusal=refusal)
    messages.success(request, "已提交，由区就业服务中心两人核对、复核；本单位所有人员已收到通知。")
    return redirect(row)


# --- one change -------------------------------------------------------------------------------------------------------


def fetch(request: UserRequest, pk: uuid.UUID) -> AccountChange:
    rows = queries.changes(request.user).select_related("account__proof", "closed_by")
    return get_object_or_404(rows, pk=pk)


def show(
    request: UserRequest,
    row: AccountChange,
    *,
    bound: Bound | None = None,
    refusal: Refused | None = None,
    revealed: str = "",
) -> HttpResponse:
    """A change with the forms of the steps this person may take now."""
    user, bound = request.user, bound or {}
    forms: dict[str, Any] = {}

    def offer(name: str, form: type[PortalForm]) -> None:
        forms[f"{name}_form"] = bound.get(name) or form(auto_id=f"id_{name}_%s")

    centre, own = user.role == Role.CENTRE, user.role == Role.OPERATOR
    twice = user.pk in {row.asked_by_id, row.checked_by_id}
    if centre and row.state == ChangeState.ASKED:
        offer("check", CheckForm)
    if centre and row.is_open:
        offer("refuse", ReasonForm)
    on = row.account.effective_on
    waits = row.state == ChangeState.CONFIRMED and on is not None and on > today()
    if (own and row.is_open) or (waits and (own or centre)):
        offer("stop", ReasonForm)
    if not revealed:
        offer("reveal", PurposeForm)
    context = {
        "row": row,
        "pill": shown(row),
        "may_confirm": centre and row.state == ChangeState.CHECKED and not twice,
        "hat": centre and row.state == ChangeState.CHECKED and twice,
        "revealed": revealed,
        "refusal": refusal,
        "office": not own,
        **forms,
    }
    failed = refusal is not None or bool(bound)
    return render(request, "payees/change.html", context, status=status_of(refusal) if failed else 200)


STEPS = Steps(fetch, show)


@require_GET
@allow(*READERS)
def change(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return show(request, fetch(request, pk))


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def check(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """核对."""

    def call(data: dict[str, Any]) -> object:
        return services.check(change_id=pk, note=data["note"], by=request.user)

    return STEPS.take(request, pk, "check", CheckForm, call, "已核对，请由另一位同事复核。")


@require_POST
@allow(Role.CENTRE)
def confirm(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """复核 by a second person."""
    return STEPS.take(
        request,
        pk,
        "confirm",
        PortalForm,
        lambda _data: services.confirm(change_id=pk, by=request.user),
        "已确认，本单位所有人员已收到通知。",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def refuse(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """未通过."""

    def call(data: dict[str, Any]) -> object:
        return services.refuse(change_id=pk, reason=data["reason"], by=request.user)

    return STEPS.take(request, pk, "refuse", ReasonForm, call, "已退回，原账户继续使用。")


@keeps_typed()
@require_POST
@allow(Role.OPERATOR, Role.CENTRE)
def stop(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """撤回 before it is in force."""

    def call(data: dict[str, Any]) -> object:
        return services.stop(change_id=pk, reason=data["reason"], by=request.user)

    return STEPS.take(request, pk, "stop", ReasonForm, call, "已撤回，原账户继续使用。")


@require_POST
@allow(*READERS)
def reveal(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The number in full on this one answer, after its purpose is in the journal."""
    row, form = fetch(request, pk), PurposeForm(request.POST, auto_id="id_reveal_%s")
    if not form.is_valid():
        return show(request, row, bound={"reveal": form})
    number = services.reveal(account_id=row.account_id, purpose=form.cleaned_data["purpose"], by=request.user)
    return show(request, row, revealed=number)
