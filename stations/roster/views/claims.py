"""人员归属 (E14): the centre's list of persons registered by two stations, and the page that decides one."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.core.errors import Refused
from stations.registry.views.tabs import register_tabs
from stations.roster.forms_year import ClaimForm
from stations.roster.models import Delivery
from stations.roster.queries import claims as queries
from stations.roster.services import claims as services

from .common import items, status_of

OFFICES = (Role.CENTRE, Role.BUREAU, Role.AUDITOR)


@require_GET
@allow(*OFFICES)
def index(request: UserRequest) -> HttpResponse:
    """What waits, the oldest first; or what was decided, the latest first."""
    done = request.GET.get("show") == "decided"
    if done:
        page = Paginator(queries.decided(request.user), 20).get_page(request.GET.get("page"))
        pairs = [queries.Pair(one.claimant, one.holder, one) for one in page]
    else:
        rows = queries.waiting(request.user).select_related("person", "station", "operator", "employer")
        page = Paginator(rows, 20).get_page(request.GET.get("page"))
        pairs = queries.pairs(list(page))
    context = {
        "page_obj": page,
        "pairs": pairs,
        "done": done,
        "scopes": [
            {"label": "待认定", "url": request.path, "active": not done},
            {"label": "已认定", "url": f"{request.path}?show=decided", "active": done},
        ],
        "is_centre": request.user.role == Role.CENTRE,
        "tabs": register_tabs(request.user, here="roster:claims"),
    }
    return render(request, "roster/claims.html", context)


def _pair(request: UserRequest, pk: uuid.UUID) -> queries.Pair:
    rows = Delivery.objects.visible_to(request.user).select_related("person", "station", "operator", "employer")
    claimant = get_object_or_404(rows, pk=pk, station__isnull=False)
    made = queries.decided(request.user).filter(claimant=claimant).first()
    if made is not None:
        return queries.Pair(made.claimant, made.holder, made)
    return queries.pairs([claimant])[0]


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(*OFFICES)
def show(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """Both registrations beside each other, and the centre's decision."""
    pair = _pair(request, pk)
    may_decide = request.user.role == Role.CENTRE
    if request.method == "POST" and not may_decide:
        raise PermissionDenied
    form, refusal = ClaimForm(request.POST or None), None
    if request.method == "POST" and form.is_valid() and pair.holder is not None:
        try:
            services.decide(claimant=pair.claimant, holder=pair.holder, by=request.user, **form.cleaned_data)
        except Refused as error:
            refusal = error
            pair = _pair(request, pk)
        else:
            messages.success(request, f"{pair.claimant.name}的归属已认定，双方人数已重新核算。")
            return redirect("roster:claims")
    context = {
        "pair": pair,
        "form": form if may_decide and pair.decision is None and pair.holder is not None else None,
        "refusal": refusal,
        "problems": items(refusal),
    }
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return render(request, "roster/claim.html", context, status=status)
