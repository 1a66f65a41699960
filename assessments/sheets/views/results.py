"""Results: which wait for 公示, which are published or final; 附件3 and 通报 as files; scored anew."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.sheets.forms.results import PublishForm, ReasonForm, UpheldForm
from assessments.sheets.models import Assessment, Sheet
from assessments.sheets.queries import results as queries
from assessments.sheets.queries.bulletin import bulletin, final_of, years_with_results
from assessments.sheets.queries.prints import annex3
from assessments.sheets.services import results as services
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.documents.annex3 import annex3_pdf
from jinhua_labor.documents.official import official_document_pdf
from jinhua_labor.documents.word import official_document_docx
from stations.oversight.views.common import DOCX, as_file, attempt, status_of

from .common import tabs_of

OFFICES = (Role.CENTRE, Role.BUREAU, Role.AUDITOR)
READERS = (Role.OPERATOR, *OFFICES)


@require_http_methods(["GET", "POST"])
@allow(*OFFICES)
def results(request: UserRequest) -> HttpResponse:
    """评估结果: what waits for 公示 and what is in it; the centre gathers results into one notice."""
    if request.method == "POST" and request.user.role != Role.CENTRE:
        raise PermissionDenied
    waiting = queries.waiting_for_notice(request.user)
    choices = [(str(sheet.assessment_id), str(sheet.assessment)) for sheet in waiting]
    form = PublishForm(request.POST or None, choices=choices)
    refusal = None
    if request.method == "POST" and form.is_valid():
        ids = [uuid.UUID(pk) for pk in form.cleaned_data["years"]]
        notice, refusal = attempt(lambda: services.prepare_notice(assessment_ids=ids, by=request.user))
        if refusal is None:
            messages.success(request, "公示稿已拟好，等待区人社局工作人员审核发布。")
            return redirect("notices:desk", pk=notice.pk)
    years = years_with_results(request.user)
    chosen = request.GET.get("year", "")
    year = int(chosen) if chosen.isdecimal() and int(chosen) in years else (years[0] if years else None)
    context = {
        "waiting": waiting,
        "published": queries.in_publicity(request.user, day=today()),
        "form": form,
        "refusal": refusal,
        "may_publish": request.user.role == Role.CENTRE,
        "tabs": tabs_of(request.user, "assessments:results"),
        "chips": [{"label": f"{one}年", "url": f"?year={one}", "active": one == year} for one in years]
        if len(years) > 1
        else [],
        "years": years,
        "year": year,
        "final": final_of(year, request.user) if year else (),
    }
    failed = form.errors or refusal
    return render(request, "assessments/results.html", context, status=status_of(refusal) if failed else 200)


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def upheld(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """异议成立，重新评分."""
    _fetch(request, pk)
    form = UpheldForm(request.POST)

    def call() -> Sheet:
        return services.reopen_for_objection(
            assessment_id=pk,
            objection_id=form.cleaned_data["objection"],
            reason=form.cleaned_data["reason"],
            by=request.user,
        )

    return _again(request, pk, form, call, "已退回重新评分。请在公示稿页面登记对异议的答复。")


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def correct(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """更正已确定的结果."""
    _fetch(request, pk)
    form = ReasonForm(request.POST)

    def call() -> Sheet:
        return services.correct(assessment_id=pk, reason=form.cleaned_data["reason"], by=request.user)

    return _again(request, pk, form, call, "已退回区就业服务中心重新评分，原结果保留备查。")


@require_GET
@allow(*READERS)
def annex(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """附件3 of one sheet as a PDF."""
    rows = Sheet.objects.visible_to(request.user).select_related(
        "assessment__station", "assessment__operator", "review__submitted_by", "review__approved_by", "checked_by"
    )
    sheet = get_object_or_404(rows, pk=pk)
    name = f"附件3评估表-{sheet.assessment.station.number}-第{sheet.assessment.period_no}年度.pdf"
    return as_file(annex3_pdf(annex3(sheet)), "application/pdf", name)


@require_GET
@allow(*OFFICES)
def bulletin_file(request: UserRequest, year: int, kind: str) -> HttpResponse:
    """通报 of a year as PDF or DOCX."""
    document = bulletin(year, request.user, day=today())
    if document is None:
        raise Http404
    if kind == "docx":
        return as_file(official_document_docx(document), DOCX, f"{year}年评估结果通报.docx")
    return as_file(official_document_pdf(document), "application/pdf", f"{year}年评估结果通报.pdf")


def _fetch(request: UserRequest, pk: uuid.UUID) -> Assessment:
    return get_object_or_404(Assessment.objects.visible_to(request.user), pk=pk)


def _again(
    request: UserRequest, pk: uuid.UUID, form: ReasonForm | UpheldForm, call: Callable[[], Sheet], done: str
) -> HttpResponse:
    refusal: Refused | None = None
    if form.is_valid():
        _, refusal = attempt(call)
        if refusal is None:
            messages.success(request, done)
            return redirect("assessments:assessment", pk=pk)
    assessment = _fetch(request, pk)
    context = {"assessment": assessment, "form": form, "refusal": refusal, "action": request.path}
    return render(request, "assessments/again.html", context, status=status_of(refusal))
