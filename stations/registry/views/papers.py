"""站点档案: the papers of a station as dated versions, a new version, what the centre found."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.attachments.reading import limits_text
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from stations.registry.enums import PaperKind, StationState
from stations.registry.forms.papers import PaperCheckForm, PaperForm
from stations.registry.models import Station, StationPaper
from stations.registry.queries.papers import alerts_of, facts_on, file_of, period_of, periods_until
from stations.registry.services import papers as services
from stations.registry.views.tabs import station_tabs

READERS = (Role.OPERATOR, Role.CENTRE, Role.BUREAU, Role.AUDITOR)


def _fetch(request: UserRequest, pk: uuid.UUID) -> Station:
    return get_object_or_404(Station.objects.visible_to(request.user).select_related("operator"), pk=pk)


@require_GET
@allow(*READERS)
def papers(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _page(request, _fetch(request, pk))


def _page(request: UserRequest, row: Station, *, status: int = 200, **more: Any) -> HttpResponse:
    day, period = today(), period_of(row, today())
    context = {
        "station": row,
        "tabs": station_tabs(row, request.user, here="registry:papers"),
        "kinds": file_of(row, request.user, on=day),
        "alerts": alerts_of([row.pk], on=day)[row.pk],
        "facts": facts_on(row, on=day, period=period),
        "period": period,
        "today": day,
        "can_add": request.user.role == Role.OPERATOR and row.state != StationState.REVOKED,
        "check_form": PaperCheckForm(auto_id=False) if request.user.role == Role.CENTRE else None,
        **more,
    }
    return render(request, "registry/papers.html", context, status=status)


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(Role.OPERATOR)
def add(request: UserRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
    """A new version of a paper, or with `?place=` of one 工作地点."""
    row = _fetch(request, pk)
    if kind not in PaperKind.values:
        raise Http404
    earlier = _earlier(request, row, kind)
    form = PaperForm(
        request.POST or None,
        kind=PaperKind(kind),
        periods=_periods(row),
        fixed_side=earlier.side if earlier and kind == PaperKind.SITE else "",
        initial={"key": uuid.uuid4(), **_initial(earlier)},
    )
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = services.add_version(
                    station_id=pk,
                    kind=PaperKind(kind),
                    content=form.content(day=today()),
                    uploads=request.FILES.getlist("files"),
                    by=request.user,
                    place=earlier.place if earlier and kind == PaperKind.SITE else None,
                    period=form.cleaned_data.get("period"),
                    key=form.cleaned_data["key"],
                )
            except Refused as error:
                refusal, status = error, 409 if isinstance(error, Conflict) else 422
            else:
                messages.success(
                    request, f"已报送{made.get_kind_display()}第{made.version}版，等待区就业服务中心核对。"
                )
                return redirect(f"{reverse('registry:papers', args=[pk])}#paper-{made.pk}")
    context = {
        "station": row,
        "form": form,
        "kind": PaperKind(kind),
        "earlier": earlier,
        "refusal": refusal,
        "limits": limits_text(),
        "files_max": services.FILES_MAX,
    }
    return render(request, "registry/paper_add.html", context, status=status)


def _earlier(request: UserRequest, row: Station, kind: str) -> StationPaper | None:
    """The version before, whose words are offered again; of a site only where one is named."""
    rows = StationPaper.objects.visible_to(request.user).filter(station=row, kind=kind)
    if kind == PaperKind.PLAN:
        return None
    if kind == PaperKind.SITE:
        place = request.GET.get("place", "")
        if not place:
            return None
        try:
            rows = rows.filter(place=uuid.UUID(place))
        except ValueError as error:
            raise Http404 from error
        return get_object_or_404(rows.order_by("-version")[:1])
    return rows.order_by("-version").first()


def _initial(earlier: StationPaper | None) -> dict[str, Any]:
    names = ("title", "number", "party", "address", "tenure", "facilities")
    return {name: getattr(earlier, name) for name in names} if earlier else {}


def _periods(row: Station) -> list[tuple[int, str]]:
    """The years a plan may be filed for: those begun and the next one, the present first."""
    begun = periods_until(row, today())
    found = [(one.number, f"第{one.number}年度（{date_cn(one.start)}至{date_cn(one.end)}）") for one in begun]
    following = begun[0].number + 1
    return [*found, (following, f"第{following}年度（下一年度）")]


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def check(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """已核 or not, by the centre."""
    paper = get_object_or_404(StationPaper.objects.visible_to(request.user), pk=pk)
    row = _fetch(request, paper.station_id)
    form = PaperCheckForm(request.POST, auto_id=False)
    if not form.is_valid():
        refusal = Refused("请选择核对结果。", problems=(("请选择核对结果", f"#paper-{pk}"),))
        return _page(request, row, refusal=refusal, status=422)
    try:
        services.check(paper_id=pk, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        return _page(request, row, refusal=refusal, status=409 if isinstance(refusal, Conflict) else 422)
    messages.success(request, f"已核对「{paper.title}」。")
    return redirect(f"{reverse('registry:papers', args=[row.pk])}#paper-{pk}")
