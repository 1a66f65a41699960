"""台账: the stations with their light, the year of one, its entries, and its printed book."""

from __future__ import annotations

import contextlib
import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.attachments.reading import limits_text
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.jobs.services import start
from jinhua_labor.policy.periods import Period
from jinhua_labor.rulebook import policy_on
from stations.ledger import services, tasks
from stations.ledger.enums import Item
from stations.ledger.forms import BookForm, EntryForm
from stations.ledger.models import LedgerBook, LedgerEntry
from stations.ledger.queries import choosable_employers, states_of, year_of
from stations.ledger.rules import LEDGER_LINE
from stations.registry.enums import StationState
from stations.registry.models import Station
from stations.registry.queries.papers import period_of, periods_until
from stations.registry.views.tabs import register_tabs, station_tabs

from .common import PRINTERS, READERS, fetch_station, fetch_year, status_of

PAGE = 20


@require_GET
@allow(*READERS)
def index(request: UserRequest) -> HttpResponse:
    """The stations this person sees, each with the light of its present year."""
    rows = Station.objects.visible_to(request.user).select_related("operator").order_by("-established_on", "number")
    words = request.GET.get("q", "").strip()[:50]
    if words:
        rows = rows.filter(name__icontains=words)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    years = [(station, period_of(station, today())) for station in page]
    states = states_of(years, on=today())
    context = {
        "page_obj": page,
        "rows": [(station, period, states[station.pk]) for station, period in years],
        "q": words,
        "tabs": register_tabs(request.user, here="ledger:index"),
        "is_operator": request.user.role == Role.OPERATOR,
    }
    return render(request, "ledger/index.html", context)


@require_GET
@allow(*READERS)
def station(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The present year of a station."""
    row = fetch_station(request, pk)
    return _page(request, row, period_of(row, today()))


@require_GET
@allow(*READERS)
def year(request: UserRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    return _page(request, *fetch_year(request, pk, number))


def _page(request: UserRequest, row: Station, period: Period, *, status: int = 200, **more: Any) -> HttpResponse:
    user = request.user
    books = LedgerBook.objects.visible_to(user).filter(station=row, period=period.number)
    context = {
        "station": row,
        "period": period,
        "tabs": station_tabs(row, user, here="ledger:station"),
        "years": [
            {
                "label": f"第{one.number}年度",
                "url": reverse("ledger:year", args=[row.pk, one.number]),
                "active": one.number == period.number,
            }
            for one in periods_until(row, today())
        ],
        "view": year_of(row, period, user, on=today()),
        "line": policy_on(period.end).policy.indicator(LEDGER_LINE),
        "can_add": user.role == Role.OPERATOR and row.state != StationState.REVOKED,
        "can_tick": user.role == Role.CENTRE,
        "can_print": user.role in PRINTERS,
        "books": list(books.select_related("file", "made_by")[:5]),
        "book_form": more.pop("book_form", None) or BookForm(),
        **more,
    }
    return render(request, "ledger/year.html", context, status=status)


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(Role.OPERATOR)
def add(request: UserRequest, pk: uuid.UUID, number: int, item: str) -> HttpResponse:
    """登记台账: an entry of an item, or with `?replaces=` the one in another's place."""
    row, period = fetch_year(request, pk, number)
    if item not in Item.values:
        raise Http404
    replaced = _replaced(request, row, number, item)
    form = EntryForm(
        request.POST or None,
        request.FILES or None,
        item=Item(item),
        employers=choosable_employers(row, [period], request.user),
        initial={"key": uuid.uuid4(), **_initial(request, replaced, Item(item))},
    )
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            employer = form.cleaned_data.get("employer")
            try:
                services.add_entry(
                    station_id=pk,
                    period=number,
                    item=Item(item),
                    title=form.cleaned_data["title"],
                    employer_id=employer.pk if employer else None,
                    upload=form.cleaned_data["file"],
                    paper=form.paper,
                    replaces=replaced.pk if replaced else None,
                    by=request.user,
                    key=form.cleaned_data["key"],
                )
            except Refused as error:
                refusal, status = error, status_of(error)
            else:
                messages.success(request, f"已登记「{form.cleaned_data['title']}」。")
                return redirect(f"{reverse('ledger:year', args=[pk, number])}#{item}")
    context = {
        "station": row,
        "period": period,
        "item": Item(item),
        "form": form,
        "replaced": replaced,
        "refusal": refusal,
        "limits": limits_text(),
    }
    return render(request, "ledger/entry.html", context, status=status)


def _replaced(request: UserRequest, row: Station, number: int, item: str) -> LedgerEntry | None:
    text = request.GET.get("replaces", "")
    if not text:
        return None
    try:
        pk = uuid.UUID(text)
    except ValueError as error:
        raise Http404 from error
    rows = LedgerEntry.objects.visible_to(request.user).filter(station=row, period=number, item=item)
    return get_object_or_404(rows, pk=pk)


def _initial(request: UserRequest, replaced: LedgerEntry | None, item: Item) -> dict[str, Any]:
    if replaced is not None:
        names = ("title", "paper_volume", "paper_place", "paper_pages")
        return {"employer": replaced.employer_id, **{name: getattr(replaced, name) for name in names}}
    employer = None
    with contextlib.suppress(ValueError):
        employer = uuid.UUID(request.GET.get("employer", ""))
    return {"title": item.label, "employer": employer}


@keeps_typed()
@require_POST
@allow(Role.OPERATOR)
def retire(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """Takes an entry out; it stays in the history."""
    row = get_object_or_404(LedgerEntry.objects.visible_to(request.user), pk=pk)
    try:
        services.retire_entry(entry_id=pk, by=request.user)
    except Refused as refusal:
        owner, period = fetch_year(request, row.station_id, row.period)
        return _page(request, owner, period, refusal=refusal, status=status_of(refusal))
    messages.success(request, f"已移出「{row.title}」，记录保留。")
    return redirect(row.get_absolute_url())


@require_POST
@allow(Role.CENTRE)
def seen(request: UserRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """已见纸质, several at once."""
    row, period = fetch_year(request, pk, number)
    chosen = []
    for text in request.POST.getlist("entry")[:2000]:
        with contextlib.suppress(ValueError):
            chosen.append(uuid.UUID(text))
    try:
        count = services.mark_seen(station_id=pk, entry_ids=chosen, by=request.user)
    except Refused as refusal:
        return _page(request, row, period, refusal=refusal, status=status_of(refusal))
    messages.success(request, f"已登记见到纸质台账 {count} 条。")
    return redirect("ledger:year", pk, number)


@require_POST
@allow(*PRINTERS)
def print_book(request: UserRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """One click: the year's ledger as a book, made in the background."""
    row, period = fetch_year(request, pk, number)
    form = BookForm(request.POST)
    if not form.is_valid():
        return _page(request, row, period, book_form=form, status=422)
    job = start(
        kind="ledger.book",
        title=f"{row.name}第{number}年度台账",
        by=request.user,
        task=tasks.make_book,
        args={
            "station": str(row.pk),
            "number": number,
            "purpose": form.cleaned_data["purpose"],
            "by": str(request.user.pk),
        },
        back_url=reverse("ledger:year", args=[pk, number]),
    )
    return redirect("jobs:detail", job.pk)
