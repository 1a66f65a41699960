"""续期: the list, a station's term with what was asked before, the short application, the page of one renewal."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.attachments.reading import limits_text
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.forms import PortalForm
from jinhua_labor.documents.official import official_document_pdf
from jinhua_labor.documents.word import official_document_docx
from jinhua_labor.review.queries import buttons
from jinhua_labor.review.states import Action, Recommendation
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import RenewalState
from stations.oversight.forms.changes import DecideForm, ScreenForm
from stations.oversight.forms.renewals import (
    NOTHING,
    SOMETHING,
    IssueForm,
    RefuseForm,
    RenewalForm,
    RenewalReturnForm,
)
from stations.oversight.models import Renewal
from stations.oversight.queries import renewals as queries
from stations.oversight.rules.renewals import agreement_note, renewal_problems, window
from stations.oversight.services import renewals as services
from stations.registry.models import Station
from stations.registry.views.tabs import register_tabs

from .common import DOCX, READERS, as_file, attempt, fetch_station, on_station, page_of, status_of

OFFICES = (Role.CENTRE, Role.BUREAU)
AGREED = "续期材料齐全，符合设立条件，同意续期，报区人社局审核。"
Bound = dict[str, PortalForm]


@require_GET
@allow(*READERS)
def renewals(request: UserRequest) -> HttpResponse:
    """续期 of all stations this person sees."""
    filters = queries.RenewalFilters(*(request.GET.get(name, "").strip() for name in ("q", "state")))
    page = page_of(request, queries.listed(request.user, filters))
    context = {
        "tabs": register_tabs(request.user, here="oversight:renewals"),
        "page_obj": page,
        "rows": [{"row": row, "pill": queries.shown_state(row, request.user)} for row in page.object_list],
        "filters": filters,
        "states": RenewalState.choices,
        "is_operator": request.user.role == Role.OPERATOR,
    }
    return render(request, "oversight/renewals.html", context)


@require_GET
@allow(*READERS)
def station_renewals(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """经营期限 of a station: until when, from when a renewal may be asked for, what was asked before."""
    station, user, day = fetch_station(request, pk), request.user, today()
    rows = Renewal.objects.visible_to(user).filter(station=station)
    page = page_of(request, rows.select_related("station", "operator", "review", "document"))
    problems = queries.asking_problems(station, day=day)
    open_ = station.renewals.open().exists()
    mine = user.role == Role.OPERATOR and user.organisation_id == station.operator_id
    opens, closes = window(station.term_to, settings=policy_on(day).policy.settings)
    context = {
        **on_station(request, station, "oversight:station_renewals"),
        "page_obj": page,
        "rows": [{"row": row, "pill": queries.shown_state(row, user)} for row in page.object_list],
        "problems": problems,
        "open": open_,
        "opens": opens,
        "closes": closes,
        "days_left": (station.term_to - day).days,
        "may_ask": mine and not problems and not open_,
        "mine": mine,
    }
    return render(request, "oversight/station_renewals.html", context)


def _form_page(
    request: UserRequest,
    station: Station,
    form: RenewalForm,
    refusal: Refused | None = None,
    renewal: Renewal | None = None,
) -> HttpResponse:
    failed = refusal is not None or form.is_bound
    context = {"station": station, "form": form, "refusal": refusal, "renewal": renewal, "limits": limits_text()}
    return render(request, "oversight/renewal_form.html", context, status=status_of(refusal) if failed else 200)


@require_http_methods(["GET", "POST"])
@allow(Role.OPERATOR)
def renewal_new(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """申请续期."""
    station = fetch_station(request, pk)
    if request.method == "GET":
        earlier = queries.last_agreement(station)
        initial = {"key": uuid.uuid4(), "party": earlier.party if earlier else station.partner_name}
        return _form_page(request, station, RenewalForm(initial=initial))
    form = RenewalForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, station, form)
    row, refusal = attempt(
        lambda: services.submit(station_id=pk, content=form.content(), by=request.user, key=form.cleaned_data["key"])
    )
    if refusal:
        return _form_page(request, station, form, refusal)
    messages.success(request, f"已提交续期申请，受理编号{row.number}。")
    return redirect(row)


@require_http_methods(["GET", "POST"])
@allow(Role.OPERATOR)
def renewal_amend(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """补正."""
    row = fetch(request, pk)
    if row.operator_id != request.user.organisation_id:
        raise Http404
    if row.state != RenewalState.RETURNED:
        return redirect(row)
    if request.method == "GET":
        initial = {
            "key": row.pk,
            "term_to": row.term_to,
            "party": row.agreement.party,
            "valid_from": row.agreement.valid_from,
            "valid_to": row.agreement.valid_to,
            "statement": NOTHING if row.unchanged else SOMETHING,
            "changes": row.changes,
        }
        return _form_page(request, row.station, RenewalForm(initial=initial, amended=True), renewal=row)
    form = RenewalForm(request.POST, request.FILES, amended=True)
    if not form.is_valid():
        return _form_page(request, row.station, form, renewal=row)
    _, refusal = attempt(lambda: services.amend(renewal_id=pk, content=form.content(), by=request.user))
    if refusal:
        return _form_page(request, row.station, form, refusal, renewal=row)
    messages.success(request, "已补正并重新提交。")
    return redirect(row)


# --- one renewal ------------------------------------------------------------------------------------------------------


def fetch(request: UserRequest, pk: uuid.UUID) -> Renewal:
    """The renewal, or 404 for somebody else's."""
    return get_object_or_404(Renewal.objects.visible_to(request.user).select_related(*queries.RELATED), pk=pk)


def show(
    request: UserRequest, row: Renewal, *, bound: Bound | None = None, refusal: Refused | None = None
) -> HttpResponse:
    """The page of one renewal with the forms of the steps this person may take now."""
    user, bound, day = request.user, bound or {}, today()
    office = user.role in OFFICES or user.role == Role.AUDITOR
    reviewed = row.state in {RenewalState.SUBMITTED, RenewalState.APPROVED}
    facts = queries.facts_of(row.station, day=day, renewal=row) if office and reviewed else None
    problems = renewal_problems(facts, on=day, policy=policy_on(day).policy) if facts else ()
    context = {
        "row": row,
        "pill": queries.shown_state(row, user),
        "files": row.agreement.files.select_related("attachment"),
        "events": row.review.events.select_related("by") if office else (),
        "office": office,
        "problems": problems,
        "note": agreement_note(facts) if facts else "",
        "checked": facts is not None,
        "draft": user.role in OFFICES and row.document is None and reviewed,
        "refusal": refusal,
        "limits": limits_text(("pdf",)),
        **_forms(request, row, bound, fallen_away=bool(problems)),
    }
    failed = refusal is not None or bool(bound)
    return render(request, "oversight/renewal.html", context, status=status_of(refusal) if failed else 200)


def _forms(request: UserRequest, row: Renewal, bound: Bound, *, fallen_away: bool) -> dict[str, Any]:
    user, review = request.user, row.review
    actions = buttons(review, user)
    mine = user.role == Role.OPERATOR and user.organisation_id == row.operator_id
    made: dict[str, Any] = {
        "may_amend": mine and row.state == RenewalState.RETURNED,
        "may_withdraw": mine and Action.WITHDRAW in actions,
    }
    start = {"key": uuid.uuid4(), "version": review.version}

    def offer(name: str, form: type[PortalForm], **initial: Any) -> None:
        made[f"{name}_form"] = bound.get(name) or form(initial=initial, auto_id=f"id_{name}_%s")

    if user.role == Role.CENTRE and Action.SCREEN in actions:
        offer("screen", ScreenForm, **start, recommendation=Recommendation.AGREE, opinion=AGREED)
        offer("return", RenewalReturnForm)
    if user.role == Role.BUREAU and Action.REJECT in actions:
        if review.recommendation == Recommendation.AGREE:
            offer("approve", DecideForm, **start, opinion="同意续期。")
        offer("back", DecideForm, **start)
    if user.role == Role.BUREAU and row.state == RenewalState.APPROVED:
        offer("issue", IssueForm, issued_on=today())
    if "back_form" in made or ("issue_form" in made and fallen_away):
        offer("reject", RefuseForm, **start, remedy=policy_on(today()).policy.settings.remedy_text)
    return made


@require_GET
@allow(*READERS)
def renewal(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return show(request, fetch(request, pk))


def _step(
    request: UserRequest,
    pk: uuid.UUID,
    name: str,
    form_class: type[PortalForm],
    call: Callable[[dict[str, Any]], object],
    words: str,
) -> HttpResponse:
    """One posted step: the form, the service, the page again with what is wrong."""
    row = fetch(request, pk)
    form = form_class(request.POST, request.FILES, auto_id=f"id_{name}_%s")
    if not form.is_valid():
        return show(request, row, bound={name: form})
    _, refusal = attempt(lambda: call(form.cleaned_data))
    if refusal:
        return show(request, fetch(request, pk), bound={name: form}, refusal=refusal)
    messages.success(request, words)
    return redirect(row)


@require_POST
@allow(Role.OPERATOR)
def renewal_withdraw(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """撤回."""
    if fetch(request, pk).operator_id != request.user.organisation_id:
        raise Http404
    return _step(
        request,
        pk,
        "withdraw",
        PortalForm,
        lambda _data: services.withdraw(renewal_id=pk, by=request.user),
        "已撤回续期申请。",
    )


@require_POST
@allow(Role.CENTRE)
def renewal_return(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """退回补正."""
    return _step(
        request,
        pk,
        "return",
        RenewalReturnForm,
        lambda data: services.send_back(renewal_id=pk, answer=data["answer"], by=request.user),
        "已退回补正，承建单位已收到通知。",
    )


@require_POST
@allow(Role.CENTRE)
def renewal_screen(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """初审."""

    def call(data: dict[str, Any]) -> object:
        data = dict(data)
        recommendation = Recommendation(data.pop("recommendation"))
        return services.screen(renewal_id=pk, by=request.user, recommendation=recommendation, **data)

    return _step(request, pk, "screen", ScreenForm, call, "已报区人社局审核。")


@require_POST
@allow(Role.BUREAU)
def renewal_back(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """退回初审."""
    return _step(
        request,
        pk,
        "back",
        DecideForm,
        lambda data: services.return_to_centre(renewal_id=pk, by=request.user, **data),
        "已退回初审。",
    )


@require_POST
@allow(Role.BUREAU)
def renewal_approve(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """审核通过."""
    return _step(
        request,
        pk,
        "approve",
        DecideForm,
        lambda data: services.approve(renewal_id=pk, by=request.user, **data),
        "已审核通过，待发文。",
    )


@require_POST
@allow(Role.BUREAU)
def renewal_reject(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """不予续期."""
    return _step(
        request,
        pk,
        "reject",
        RefuseForm,
        lambda data: services.reject(renewal_id=pk, by=request.user, **data),
        "已作出不予续期的决定。",
    )


@require_POST
@allow(Role.BUREAU)
def renewal_issue(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记发文."""
    return _step(
        request,
        pk,
        "issue",
        IssueForm,
        lambda data: services.issue(renewal_id=pk, by=request.user, **data),
        "已登记发文，新的经营期限生效。",
    )


# --- documents --------------------------------------------------------------------------------------------------------


@require_GET
@allow(*OFFICES, Role.AUDITOR)
def renewal_pdf(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """续期批复, the draft or what was issued; the unit reads the sealed copy instead."""
    row = fetch(request, pk)
    return as_file(official_document_pdf(queries.document_of(row)), "application/pdf", f"续期批复-{row.number}.pdf")


@require_GET
@allow(*OFFICES, Role.AUDITOR)
def renewal_docx(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    row = fetch(request, pk)
    return as_file(official_document_docx(queries.document_of(row)), DOCX, f"续期批复-{row.number}.docx")
