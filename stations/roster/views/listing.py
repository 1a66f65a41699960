"""The list: meter, filters, rows; inside its application's file and on a page of its own."""

from __future__ import annotations

import io
import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.jobs.services import start
from jinhua_labor.rulebook import policy_on
from stations.registry.models import Station
from stations.roster import tasks
from stations.roster.enums import CountStatus
from stations.roster.forms import HeadForm, SearchIdForm
from stations.roster.models import ImportBatch, RosterList
from stations.roster.queries.access import is_open, may_write
from stations.roster.queries.listing import Filters, facets, filtered, find_person
from stations.roster.queries.tally import summary
from stations.roster.queries.years import attribution_words
from stations.roster.services import lists
from stations.roster.services.reading import OPEN_STATES, limits
from stations.roster.services.recount import recount_list
from stations.roster.workbook.template import write_template

from .common import READERS, WRITERS, Counted, attachment, fetch_list, home_of, items, page_context, status_of

PER_PAGE = 50
RECOUNT_AT_ONCE = 5000


def _known_count(roster_list: RosterList, filters: Filters) -> int | None:
    if not filters.any:
        return roster_list.rows
    if filters == Filters(status=filters.status):
        numbers = {
            CountStatus.COUNTED: roster_list.counted,
            CountStatus.PENDING: roster_list.pending,
            CountStatus.EXCLUDED: roster_list.excluded,
        }
        return numbers[CountStatus(filters.status)]
    return None


def roster_panel(request: UserRequest, roster_list: RosterList, **extra: Any) -> dict[str, Any]:
    """The context of `roster/_list.html`; a constant number of queries. Other rooms embed it as a tab."""
    user, filters = request.user, Filters.read(request.GET)
    rows = filtered(roster_list, filters).select_related("person", "employer")
    paginator = Counted(rows, PER_PAGE, _known_count(roster_list, filters))
    page = paginator.get_page(request.GET.get("page"))
    mine = may_write(roster_list, user)
    kept = {name: request.GET[name] for name in ("tab",) if name in request.GET}
    prefix = f"{request.path}?{urlencode(kept)}{'&' if kept else ''}"
    batches = []
    if mine:
        batches = list(
            ImportBatch.objects.filter(roster_list=roster_list, state__in=OPEN_STATES).select_related("file")[:5]
        )
    return {
        "list": roster_list,
        "summary": summary(roster_list),
        "needed": policy_on(today()).policy.min_delivered,
        "page_obj": page,
        "rows": [(row, row.pk in roster_list.open_rows) for row in page],
        "filters": filters,
        "facets": facets(roster_list) if roster_list.rows else None,
        "statuses": CountStatus.choices,
        "kept": kept,
        "prefix": prefix,
        "can_write": mine,
        "can_edit": is_open(roster_list, user),
        "is_centre": user.role == Role.CENTRE,
        "can_export": user.role in (Role.OPERATOR, Role.CENTRE, Role.BUREAU),
        "batches": batches,
        "head_form": extra.pop("head_form", None) or HeadForm(initial=_head(roster_list)),
        "search_form": SearchIdForm(auto_id="find_%s"),
        **extra,
    }


def _head(roster_list: RosterList) -> dict[str, Any]:
    return {
        "filler": roster_list.filler,
        "filler_phone": roster_list.filler_phone,
        "filled_on": roster_list.filled_on,
    }


def _page(request: UserRequest, roster_list: RosterList, *, status: int = 200, **extra: Any) -> HttpResponse:
    refusal = extra.pop("refusal", None)
    context = page_context(
        roster_list, panel=roster_panel(request, roster_list, **extra), refusal=refusal, problems=items(refusal)
    )
    return render(request, "roster/list.html", context, status=status)


@require_GET
@allow(*READERS)
def index(request: UserRequest) -> HttpResponse:
    """The lists this person may see; an operator with one list lands on it from the template's link."""
    rows = RosterList.objects.visible_to(request.user).select_related("operator", "application__review", "station")
    q = request.GET.get("q", "").replace("\x00", "").strip()[:50]
    if q:
        rows = rows.filter(operator__name__contains=q)
    page = Paginator(rows.order_by("-created_at", "id"), 30).get_page(request.GET.get("page"))
    is_operator = request.user.role == Role.OPERATOR
    stations = Station.objects.visible_to(request.user).order_by("number")[:50] if is_operator else ()
    context = {"page_obj": page, "q": q, "is_operator": is_operator, "stations": stations}
    context["by_day"] = attribution_words(today())
    return render(request, "roster/index.html", {**context, "search_form": SearchIdForm(auto_id="find_%s")})


@require_POST
@allow(*READERS)
def search(request: UserRequest) -> HttpResponse:
    """The rows of one person by his full number, over all lists the reader may see; it stays out of addresses."""
    form = SearchIdForm(request.POST, auto_id="find_%s")
    rows = None
    if form.is_valid():
        found = find_person(user=request.user, number=form.cleaned_data["id_number"].text)
        rows = list(found.select_related("person", "employer", "operator", "roster_list")[:50])
    status = 200 if rows is not None else 422
    return render(request, "roster/found.html", {"form": form, "found": rows}, status=status)


@require_GET
@allow(*READERS)
def show(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    roster_list = fetch_list(request, pk)
    if roster_list.station_id is not None:
        return redirect(roster_list)
    return _page(request, roster_list)


@require_POST
@allow(*READERS)
def find(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """One person of the list by his full number: on to the list narrowed to him."""
    roster_list = fetch_list(request, pk)
    form = SearchIdForm(request.POST, auto_id="find_%s")
    if not form.is_valid():
        return _page(request, roster_list, status=422, search_form=form)
    row = find_person(user=request.user, number=form.cleaned_data["id_number"].text, roster_list=roster_list).first()
    if row is None:
        messages.warning(request, "名册中没有这个身份证号。")
        return redirect("roster:list", roster_list.pk)
    return redirect(f"{roster_list.get_absolute_url()}?person={row.person_id}")


@require_POST
@allow(*WRITERS)
def head(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """填表人, 联系电话, 填报日期."""
    roster_list = fetch_list(request, pk)
    form = HeadForm(request.POST)
    if not form.is_valid():
        return _page(request, roster_list, status=422, head_form=form)
    try:
        lists.change_head(roster_list=roster_list, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        return _page(request, roster_list, status=status_of(refusal), head_form=form, refusal=refusal)
    messages.success(request, "已保存表头。")
    return redirect("roster:list", roster_list.pk)


@require_POST
@allow(Role.OPERATOR, Role.CENTRE, Role.BUREAU)
def recount(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """Counts the list anew as of today; a long one in the background."""
    roster_list = fetch_list(request, pk)
    if roster_list.rows > RECOUNT_AT_ONCE:
        job = start(
            kind="roster.recount",
            title="核算名册人数",
            by=request.user,
            task=tasks.recount_one,
            args={"roster_list": str(roster_list.pk)},
            back_url=roster_list.get_absolute_url(),
        )
        return redirect("jobs:detail", job.pk)
    found = recount_list(roster_list=roster_list, by=request.user)
    messages.success(
        request, f"已重新核算：计入 {found.counted} 人，待核 {found.pending} 人，不计 {found.excluded} 行。"
    )
    return redirect("roster:list", roster_list.pk)


@require_GET
@allow(*READERS)
def template(request: UserRequest) -> HttpResponse:  # noqa: ARG001  the same file for everyone
    """The 附件2 template."""
    out = io.BytesIO()
    write_template(out, limits())
    return attachment(out.getvalue(), "附件2_累计输送劳动力名册_模板.xlsx")


__all__ = ["find", "head", "home_of", "index", "recount", "roster_panel", "search", "show", "template"]
