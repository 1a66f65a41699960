"""待办 and 已办: what waits for the role, and what this person has done."""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow

from . import queries
from .states import DECIDE_SEVERAL, Kind, Recommendation

PAGE = 20


@require_GET
@allow(Role.CENTRE, Role.BUREAU, Role.FINANCE)
def inbox(request: UserRequest) -> HttpResponse:
    """What waits for this person's role: since when, until when, and which of it he himself may not decide."""
    filters = queries.InboxFilters.of(request.GET)
    rows = queries.narrowed(queries.inbox(request.user), filters)
    counts = queries.counts(request.user)
    paginator = Paginator(rows, PAGE)
    if not filters.any:
        paginator.count = counts["all"]  # counted a moment ago; the paginator would ask again
    page = paginator.get_page(request.GET.get("page"))
    several = request.user.role == Role.BUREAU
    context = {
        "page_obj": page,
        "rows": [queries.row_of(review, request.user) for review in page.object_list],
        "filters": filters,
        "counts": counts,
        "recommendations": Recommendation.choices if several else (),
        "several": reverse(DECIDE_SEVERAL[Kind.APPLICATION]) if several else "",
        "key": uuid.uuid4(),
    }
    return render(request, "review/inbox.html", context)


@require_GET
@allow(Role.CENTRE, Role.BUREAU, Role.FINANCE)
def done(request: UserRequest) -> HttpResponse:
    """已办: this person's own steps, the latest first."""
    words = request.GET.get("q", "").strip()
    page = Paginator(queries.steps_by(request.user, words), PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "q": words, "counts": queries.counts(request.user)}
    return render(request, "review/done.html", context)
