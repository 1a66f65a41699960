"""The list of applications: one's own for an operator, all for the offices and the auditor."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.core.clock import today
from stations.applications.forms.annex1 import provinces
from stations.applications.queries.listing import STATE_FILTERS, Filters, listing
from stations.applications.queries.standing import standing
from stations.applications.queries.targets import area_text

from .common import READERS


@require_GET
@allow(*READERS)
def index(request: UserRequest) -> HttpResponse:
    """申请: filters in the address, twenty a page."""
    filters = Filters(*(request.GET.get(name, "") for name in ("state", "area", "q")))
    found = listing(request.user, filters, page=request.GET.get("page"))
    operator = request.user.role == Role.OPERATOR
    chips = [
        {
            "label": label,
            "url": f"?{urlencode({**_rest(filters), 'state': key})}",
            "count": found.counts[key],
            "active": filters.state == key,
        }
        for key, label, _ in (("", "全部", ()), *STATE_FILTERS)
        if key and (found.counts[key] or filters.state == key)
    ]
    chips.insert(
        0, {"label": "全部", "url": f"?{urlencode(_rest(filters))}", "count": None, "active": not filters.state}
    )
    rows = [
        {"row": row, "label": row.review.label_for(request.user), "area": area_text(row)}
        for row in found.page.object_list
    ]
    context = {
        "rows": rows,
        "page_obj": found.page,
        "filters": filters,
        "chips": chips,
        "provinces": provinces()[1:],
        "is_operator": operator,
        "standing": standing(request.user.organisation, day=today()) if operator else None,
    }
    return render(request, "applications/list.html", context)


def _rest(filters: Filters) -> dict[str, str]:
    return {name: value for name, value in (("area", filters.area), ("q", filters.q)) if value}
