"""预算: one fiscal year's plan, what is bound and paid, and what the running years may still ask for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from stations.oversight.views.common import attempt, status_of
from subsidies.payments.forms import BudgetForm
from subsidies.payments.queries.budget import FIRST_YEAR, BudgetPage, budget_page, years_known
from subsidies.payments.services import budgets as services
from subsidies.payments.workbook import XLSX

from .batches import READERS


@require_GET
@allow(*READERS)
def budget(request: UserRequest, year: int | None = None) -> HttpResponse:
    return _show(request, _page(year or today().year))


def _show(
    request: UserRequest, page: BudgetPage, *, form: BudgetForm | None = None, refusal: Refused | None = None
) -> HttpResponse:
    """One year's figures, drawn and listed; the bureau enters the plan here."""
    number = len(page.entries) + 1
    enters = request.user.role == Role.BUREAU
    context: dict[str, Any] = {
        "page": page,
        "budget": page.budget,
        "tabs": [
            {
                "label": f"{one}年",
                "url": reverse("payments:budget_year", args=[one]),
                "active": one == page.budget.year,
                "count": None,
            }
            for one in years_known(day=today())
        ],
        "form": (form or BudgetForm(initial={"number": number})) if enters else None,
        "refusal": refusal,
    }
    failed = refusal is not None or form is not None
    return render(request, "payments/budget.html", context, status=status_of(refusal) if failed else 200)


@require_POST
@allow(Role.BUREAU)
def enter(request: UserRequest, year: int) -> HttpResponse:
    """录入或调整预算数."""
    page, form = _page(year), BudgetForm(request.POST)
    if not form.is_valid():
        return _show(request, page, form=form)
    _, refusal = attempt(lambda: services.enter(year=year, by=request.user, **form.cleaned_data))
    if refusal:
        return _show(request, _page(year), form=form, refusal=refusal)
    messages.success(request, f"{year}年度预算数已录入。")
    return redirect("payments:budget_year", year=year)


@require_POST
@allow(*READERS)
def export(request: UserRequest, year: int) -> HttpResponse:
    """The page's figures as .xlsx."""
    data = services.export(page=_page(year), by=request.user)
    response = HttpResponse(data, content_type=XLSX)
    name = f"{year}年度补贴预算执行_{today():%Y%m%d}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _page(year: int) -> BudgetPage:
    if not FIRST_YEAR <= year <= today().year + 5:
        raise Http404
    return budget_page(year, day=today())
