"""The page of one assessed year: how far it has come, 自评, its sheets, its history."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from assessments.sheets.enums import Stage
from assessments.sheets.forms.results import ReasonForm, UpheldForm
from assessments.sheets.forms.self_assessment import SelfForm, StatementForm
from assessments.sheets.models import Assessment, Sheet
from assessments.sheets.queries import listing
from assessments.sheets.queries.results import after
from assessments.sheets.queries.sheet import events, steps
from assessments.sheets.rules.judging import is_judged
from assessments.sheets.services import self_assessment as services
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.attachments.reading import limits_text
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.forms import PortalForm
from jinhua_labor.rulebook import policy_on
from stations.oversight.views.common import attempt, status_of

from .common import OFFICES, READERS, fetch_year, is_unit


@require_GET
@allow(*READERS)
def assessment(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return show(request, fetch_year(request, pk))


def show(
    request: UserRequest,
    row: Assessment,
    *,
    bound: dict[str, PortalForm] | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    """The page of a year with the forms this person may use now; `bound` are forms as they were typed, by line."""
    user, bound, day = request.user, bound or {}, today()
    may_write = is_unit(request, row) and row.stage == Stage.OPEN and row.self_due_on >= day
    sheets = list(Sheet.objects.visible_to(user).filter(assessment=row).select_related("notice").order_by("-round"))
    office = user.role in OFFICES
    newest = sheets[0] if sheets else None
    found = after(row, newest, user, day=day)
    context = {
        "row": row,
        "assessment": row,
        "after": found,
        "upheld_form": UpheldForm() if found and found.objections else None,
        "correct_form": ReasonForm() if found and found.may_correct else None,
        "pill": listing.shown(row, user),
        "steps": steps(row, user),
        "lines": _self_lines(row, bound, may_write),
        "self_form": bound.get("self") or SelfForm(initial={"text": row.self_text}, auto_id="id_self_%s"),
        "may_write": may_write,
        "mine": is_unit(request, row),
        "station_page": user.role in OFFICES or row.station.operator_id == user.organisation_id,
        "sheets": sheets,
        "sheet": newest,
        "events": events(row, user),
        "office": office,
        "late": row.late_by(day),
        "limits": limits_text(),
        "refusal": refusal,
    }
    failed = refusal is not None or bool(bound)
    return render(request, "assessments/assessment.html", context, status=status_of(refusal) if failed else 200)


def _self_lines(row: Assessment, bound: dict[str, PortalForm], may_write: bool) -> list[dict[str, Any]]:
    """The thirteen lines with what the station said to each, and the form for one more."""
    said: dict[str, list[Any]] = {}
    for one in row.self_evidence.select_related("attachment", "added_by"):
        said.setdefault(one.code, []).append(one)
    found = []
    for indicator in policy_on(row.ends_on).policy.indicators:
        form = None
        if may_write:
            form = bound.get(indicator.code) or StatementForm(
                initial={"key": uuid.uuid4()}, auto_id=f"id_{indicator.code}_%s"
            )
        statements = said.get(indicator.code, [])
        found.append(
            {
                "indicator": indicator,
                "said": statements,
                "form": form,
                "computed": not is_judged(indicator.code),
                "open": bool(form and form.is_bound),
            }
        )
    return found


def _own(request: UserRequest, pk: uuid.UUID) -> Assessment:
    row = fetch_year(request, pk)
    if not is_unit(request, row):
        raise Http404
    return row


@keeps_typed()
@require_POST
@allow(Role.OPERATOR)
def self_add(request: UserRequest, pk: uuid.UUID, code: str) -> HttpResponse:
    """One statement to a line of 附件3."""
    row = _own(request, pk)
    if code not in {line.code for line in policy_on(row.ends_on).policy.indicators}:
        raise Http404
    form = StatementForm(request.POST, request.FILES, auto_id=f"id_{code}_%s")
    if not form.is_valid():
        return show(request, row, bound={code: form})
    _, refusal = attempt(lambda: services.add(assessment_id=pk, code=code, by=request.user, **form.cleaned_data))
    if refusal:
        return show(request, row, bound={code: form}, refusal=refusal)
    return redirect(f"{row.get_absolute_url()}#self-{code}")


@require_POST
@allow(Role.OPERATOR)
def self_remove(request: UserRequest, pk: uuid.UUID, evidence: uuid.UUID) -> HttpResponse:
    row = _own(request, pk)
    _, refusal = attempt(lambda: services.remove(assessment_id=pk, evidence_id=evidence, by=request.user))
    if refusal:
        return show(request, row, refusal=refusal)
    return redirect(f"{row.get_absolute_url()}#self")


@keeps_typed()
@require_POST
@allow(Role.OPERATOR)
def self_submit(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """提交自评, or its words kept for later."""
    row = _own(request, pk)
    form = SelfForm(request.POST, auto_id="id_self_%s")
    if not form.is_valid():
        return show(request, row, bound={"self": form})
    text, later = form.cleaned_data["text"], "later" in request.POST
    call = services.save_text if later else services.submit
    _, refusal = attempt(lambda: call(assessment_id=pk, text=text, by=request.user))
    if refusal:
        return show(request, row, bound={"self": form}, refusal=refusal)
    messages.success(request, "自评说明已保存。" if later else "自评已提交，区就业服务中心开始评分。")
    return redirect(reverse("assessments:assessment", args=[pk]))
