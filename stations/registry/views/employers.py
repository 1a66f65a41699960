"""用工企业 as the offices keep them, and the yearly list of 区内重点企业."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from stations.registry.forms.employers import EmployerForm, NewEmployerForm
from stations.registry.models import Employer
from stations.registry.services import employers as services
from stations.registry.views.tabs import register_tabs

READERS = (Role.CENTRE, Role.BUREAU, Role.AUDITOR)
OFFICES = (Role.CENTRE, Role.BUREAU)
PAGE = 20
SHOWS = {"key": "本年度重点企业", "outside": "非金东区企业", "dispatch": "有劳务派遣许可"}


@require_GET
@allow(*READERS)
def employers(request: UserRequest) -> HttpResponse:
    """用工企业: by name or credit code, twenty a page."""
    year, words, show = today().year, request.GET.get("q", "").strip()[:100], request.GET.get("show", "")
    rows = Employer.objects.visible_to(request.user).order_by("name", "pk")
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(credit_code=words.upper()))
    match show:
        case "key":
            rows = rows.filter(key_years__year=year)
        case "outside":
            rows = rows.filter(in_district=False)
        case "dispatch":
            rows = rows.filter(has_dispatch_licence=True)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    chips = [{"label": "全部", "url": "?", "active": show not in SHOWS}]
    chips += [{"label": label, "url": f"?show={key}", "active": show == key} for key, label in SHOWS.items()]
    # Counted for the rows of this page only: behind them stand all deliveries of the district.
    figures = Employer.objects.filter(pk__in=[row.pk for row in page]).annotate(
        delivered=Count("deliveries__person", distinct=True),
        is_key=Count("key_years", filter=Q(key_years__year=year), distinct=True),
    )
    counted = {row.pk: row for row in figures}
    context = {
        "tabs": register_tabs(request.user, here="registry:employers"),
        "rows": [counted[row.pk] for row in page],
        "page_obj": page,
        "q": words,
        "show": show if show in SHOWS else "",
        "chips": chips,
        "may_register": request.user.role in OFFICES,
        "year": year,
    }
    return render(request, "registry/employers.html", context)


@require_http_methods(["GET", "POST"])
@allow(*OFFICES)
def new(request: UserRequest) -> HttpResponse:
    """登记企业."""
    form, refusal = NewEmployerForm(request.POST or None, initial={"in_district": True}), None
    if request.method == "POST" and form.is_valid():
        try:
            row = services.register(by=request.user, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, f"已登记{row.name}。参保明细里以名称写明缴费单位的，请重新导入该明细。")
            return redirect("registry:employer", row.pk)
    status = 422 if refusal or form.errors else 200
    return render(request, "registry/employer_new.html", {"form": form, "refusal": refusal}, status=status)


@require_GET
@allow(*READERS)
def employer(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _page(request, get_object_or_404(Employer.objects.visible_to(request.user), pk=pk))


def _page(
    request: UserRequest,
    row: Employer,
    *,
    form: EmployerForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    fields = ("name", "in_district", "has_dispatch_licence")
    year = today().year
    listed = {key.year for key in row.key_years.all()}
    context = {
        "employer": row,
        "form": (form or EmployerForm(initial={name: getattr(row, name) for name in fields}))
        if request.user.role in OFFICES
        else None,
        "refusal": refusal,
        "years": [{"year": one, "listed": one in listed} for one in sorted({*listed, year, year - 1}, reverse=True)],
        "keeps_list": request.user.role == Role.BUREAU,
    }
    return render(request, "registry/employer.html", context, status=status)


@require_POST
@allow(*OFFICES)
def amend(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    row = get_object_or_404(Employer.objects.visible_to(request.user), pk=pk)
    form = EmployerForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form=form, status=422)
    try:
        services.amend(employer_id=pk, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        return _page(request, row, form=form, refusal=refusal, status=422)
    messages.success(request, "已更正企业登记，相关名册在下次核算时按新的登记计算。")
    return redirect("registry:employer", pk)


@require_POST
@allow(Role.BUREAU)
def key_year(request: UserRequest, pk: uuid.UUID, year: int) -> HttpResponse:
    """Puts the employer on the year's list of 重点企业, or takes it off."""
    row = get_object_or_404(Employer.objects.visible_to(request.user), pk=pk)
    if not 2021 <= year <= today().year + 1:
        return _page(request, row, refusal=Refused("年度不在名单范围内。"), status=422)
    try:
        if request.POST.get("listed") == "on":
            services.add_key_employer(employer_id=pk, year=year, by=request.user)
        else:
            services.remove_key_employer(employer_id=pk, year=year, by=request.user)
    except Refused as refusal:
        return _page(request, row, refusal=refusal, status=422)
    messages.success(request, f"已更新{year}年度重点企业名单。")
    return redirect("registry:employer", pk)
