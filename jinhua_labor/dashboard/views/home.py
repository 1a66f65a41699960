"""工作台首页: what waits first, then the figures that matter to the role."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import EVERYONE, UserRequest, allow
from jinhua_labor.core.clock import today
from jinhua_labor.dashboard.queries import people
from jinhua_labor.dashboard.queries.figures import funnel, people_figures, public_figures
from jinhua_labor.dashboard.queries.meters import my_meters
from jinhua_labor.dashboard.queries.mine import my_applications
from jinhua_labor.dashboard.queries.search import search as find
from jinhua_labor.dashboard.queries.todo import messages, todo
from stations.applications.queries.standing import standing


@require_GET
@allow(*EVERYONE)
def home(request: UserRequest) -> HttpResponse:
    """One page for every role; each has its own part below the list of what waits."""
    user = request.user
    context: dict[str, Any] = {"todo": todo(user), "unread": messages(user)}
    if user.role == Role.OPERATOR and user.organisation:
        context |= {"standing": standing(user.organisation, day=today()), "applications": my_applications(user)}
        context["meters"] = my_meters(user, day=today())
    elif user.role in (Role.CENTRE, Role.BUREAU, Role.AUDITOR):
        context |= {"totals": public_figures(), "charts": (funnel(user), *people_figures(user, today()))}
    elif user.role == Role.ADMIN:
        context |= {"people": people.overview(user)}
    else:
        context |= {"totals": public_figures()}
    return render(request, f"dashboard/home_{_TEMPLATES[Role(user.role)]}.html", context)


_TEMPLATES = {
    Role.OPERATOR: "operator",
    Role.CENTRE: "office",
    Role.BUREAU: "office",
    Role.AUDITOR: "office",
    Role.ADMIN: "admin",
    Role.ASSOCIATION: "association",
    Role.FINANCE: "finance",
}


@require_GET
@allow(*EVERYONE)
def search(request: UserRequest) -> HttpResponse:
    """The box on top of every page."""
    words = request.GET.get("q", "").strip()
    return render(request, "dashboard/search.html", {"words": words, "groups": find(request.user, words)})
