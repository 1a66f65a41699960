"""One row: what stands behind it, its change while it is open, its number behind a logged click, its questions."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import Organisation
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.audit.services import record
from jinhua_labor.core.errors import Refused
from jinhua_labor.rulebook import policy_on
from stations.roster import consent
from stations.roster.forms import AdjudicateForm, PurposeForm, RowForm
from stations.roster.forms_year import ReasonForm
from stations.roster.models import Delivery
from stations.roster.queries import one
from stations.roster.queries.access import is_open, may_keep
from stations.roster.queries.history import told
from stations.roster.queries.year import marked
from stations.roster.services import rows
from stations.roster.services.adjudicating import adjudicate as settle
from stations.roster.services.lists import LOCKED
from stations.roster.services.matching import find_employer
from stations.roster.services.station_list import frozen_on

from .common import READERS, WRITERS, fetch_list, items, page_context, status_of


def _fetch(request: UserRequest, pk: uuid.UUID) -> Delivery:
    found = Delivery.objects.visible_to(request.user).select_related(
        "person",
        "employer",
        "operator",
        "roster_list__operator",
        "roster_list__application",
        "roster_list__station",
        "station__operator",
    )
    return get_object_or_404(found, pk=pk, roster_list__isnull=False)


def _list_of(row: Delivery) -> Any:
    return row.roster_list


@require_GET
@allow(*READERS)
def show(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _page(request, _fetch(request, pk))


def _page(request: UserRequest, row: Delivery, *, refusal: Refused | None = None, **more: Any) -> HttpResponse:
    settled = list(one.adjudications(row))
    roster_list = _list_of(row)
    bound = more.pop("judging", None)
    judged = request.user.role == Role.CENTRE
    context = page_context(
        roster_list,
        row=row,
        reasons=one.reasons(row),
        flags=one.flags(row),
        questions=[(reason, answer, _judging(reason.code, bound)) for reason, answer in one.questions(row, settled)],
        months=one.months(row),
        places=policy_on(row.entry_on).policy.si_places,
        history=_history(request, row),
        year=_of_station(request, row),
        can_judge=judged,
        can_edit=is_open(roster_list, request.user, row.pk),
        refusal=refusal,
        problems=items(refusal),
        **{"purpose_form": PurposeForm(), "revealed": "", **more},
    )
    failed = any(form.errors for form in (context["purpose_form"], bound) if form is not None)
    return render(request, "roster/row.html", context, status=status_of(refusal) if refusal else 422 if failed else 200)


def _history(request: UserRequest, row: Delivery) -> list[one.Change]:
    if row.station_id is not None:
        return told(row, request.user)
    return one.history(row) if request.user.role != Role.OPERATOR else []


def _of_station(request: UserRequest, row: Delivery) -> dict[str, Any] | None:
    """What the page shows beside a row of a station: marks, contracts, certificates, what may be done."""
    if row.station is None:
        return None
    return {
        "mark": marked([row])[0],
        "contracts": row.contracts.select_related("file", "added_by", "voided_by", "paper_seen_by"),
        "certificates": row.certificates.select_related("file", "checked_by", "voided_by"),
        "may_keep": may_keep(row.station, request.user),
        "frozen": frozen_on(row.station_id, row.entry_on),
        "reason_form": ReasonForm(auto_id="remove_%s"),
    }


def _judging(code: str, bound: AdjudicateForm | None) -> AdjudicateForm:
    if bound is not None and bound.data.get("code") == code:
        return bound
    return AdjudicateForm(initial={"code": code}, auto_id=f"{code}_%s")


@require_POST
@allow(*READERS)
def reveal(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The full number on this one answer, after its purpose is in the journal."""
    row, form = _fetch(request, pk), PurposeForm(request.POST)
    if not form.is_valid():
        return _page(request, row, purpose_form=form)
    record(by=request.user, action="roster.reveal", obj=row, purpose=form.cleaned_data["purpose"])
    return _page(request, row, revealed=row.person.id_number)


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def adjudicate(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """Accepts or refuses an open question."""
    row = _fetch(request, pk)
    code = request.POST.get("code", "")[:3]
    form = AdjudicateForm(request.POST, request.FILES, auto_id=f"{code}_%s")
    if not form.is_valid():
        return _page(request, row, judging=form)
    try:
        settle(delivery=row, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        return _page(request, row, refusal=refusal, judging=form)
    messages.success(request, "认定已保存，人数已重新核算。")
    return redirect(row)


@require_http_methods(["GET", "POST"])
@allow(*WRITERS)
def add(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """A row by hand."""
    roster_list = fetch_list(request, pk)
    if roster_list.station_id is not None:
        return redirect("roster:station_add", roster_list.station_id)
    form, refusal = RowForm(request.POST or None), None
    if request.method == "GET" and not is_open(roster_list, request.user):
        messages.warning(request, LOCKED)
        return redirect("roster:list", roster_list.pk)
    if request.method == "POST" and form.is_valid():
        try:
            row = rows.add_row(
                roster_list=roster_list,
                fields=row_fields(request, form, roster_list.operator),
                consented=form.cleaned_data["consented"],
                by=request.user,
            )
        except Refused as error:
            refusal = error
        else:
            messages.success(request, f"已添加{row.name}。")
            return redirect("roster:add" if "another" in request.POST else "roster:list", roster_list.pk)
    context = page_context(
        roster_list, form=form, refusal=refusal, problems=items(refusal), consent=consent.text_of(consent.CURRENT)
    )
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return render(request, "roster/row_form.html", context, status=status)


def row_fields(request: UserRequest, form: RowForm, operator: Organisation) -> rows.RowFields:
    """What the form says, its employer found or registered."""
    data = form.cleaned_data
    found = find_employer(
        operator=operator,
        text=data["employer_name"],
        name=data["employer_name"],
        credit_code=data["credit_code"],
        in_district=data["in_district"],
        by=request.user,
    )
    if found.told:
        messages.warning(request, found.told)
    names = (
        "name", "hukou_text", "entry_on", "employment_form", "id_number", "contract_employer_code", "post",
        "education", "skill", "certificate_no", "leave_on",
    )  # fmt: skip
    return rows.RowFields(employer=found.employer, **{name: data[name] for name in names})


@require_http_methods(["GET", "POST"])
@allow(*WRITERS)
def edit(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """A row corrected while it is open."""
    row = _fetch(request, pk)
    if row.station_id is not None:
        return redirect("roster:correct", row.pk)
    roster_list = _list_of(row)
    if request.method == "GET" and not is_open(roster_list, request.user, row.pk):
        messages.warning(request, LOCKED)
        return redirect(row)
    initial = {**rows.fields_of(row), "shown": rows.stamp(row), "in_district": row.employer.in_district}
    form, refusal = RowForm(request.POST or None, initial=initial, correcting=True), None
    if request.method == "POST" and form.is_valid():
        try:
            fields = row_fields(request, form, roster_list.operator)
            rows.correct_row(delivery=row, fields=fields, shown=form.cleaned_data["shown"], by=request.user)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, f"{fields.name}的登记已更正。")
            return redirect(row)
    context = page_context(roster_list, row=row, form=form, refusal=refusal, problems=items(refusal))
    if refusal is not None and status_of(refusal) == 409:
        context |= {"latest": _fetch(request, pk), "shown_now": rows.stamp(_fetch(request, pk))}
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return render(request, "roster/row_form.html", context, status=status)


@require_POST
@allow(*WRITERS)
def delete(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """Takes a row out of the list."""
    row = _fetch(request, pk)
    roster_list, name = _list_of(row), row.name
    try:
        rows.delete_row(delivery=row, by=request.user)
    except Refused as refusal:
        return _page(request, row, refusal=refusal)
    messages.success(request, f"已删除{name}，操作日志中留有记录。")
    return redirect("roster:list", roster_list.pk)
