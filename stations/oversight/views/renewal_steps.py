"""续期: the page of one renewal, the steps of its review, its document."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
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
from stations.oversight.forms.changes import DecideForm
from stations.oversight.forms.renewals import IssueForm, RefuseForm, RenewalReturnForm, RenewalScreenForm
from stations.oversight.models import Renewal
from stations.oversight.queries import renewals as queries
from stations.oversight.rules.renewals import agreement_note, renewal_problems
from stations.oversight.services import renewals as services

from .common import DOCX, READERS, Bound, Steps, as_file, status_of

OFFICES = (Role.CENTRE, Role.BUREAU)
AGREED = {"recommendation": Recommendation.AGREE, "opinion": RenewalScreenForm.agreed}


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
        offer("screen", RenewalScreenForm, **start, **AGREED)
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


STEPS = Steps(fetch, show)


@keeps_typed()
@require_POST
@allow(Role.OPERATOR)
def renewal_withdraw(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """撤回."""
    if fetch(request, pk).operator_id != request.user.organisation_id:
        raise Http404
    return STEPS.take(
        request,
        pk,
        "withdraw",
        PortalForm,
        lambda _data: services.withdraw(renewal_id=pk, by=request.user),
        "已撤回续期申请。",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def renewal_return(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """退回补正."""
    return STEPS.take(
        request,
        pk,
        "return",
        RenewalReturnForm,
        lambda data: services.send_back(renewal_id=pk, answer=data["answer"], by=request.user),
        "已退回补正，承建单位已收到通知。",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def renewal_screen(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """初审."""

    def call(data: dict[str, Any]) -> object:
        data = dict(data)
        recommendation = Recommendation(data.pop("recommendation"))
        return services.screen(renewal_id=pk, by=request.user, recommendation=recommendation, **data)

    return STEPS.take(request, pk, "screen", RenewalScreenForm, call, "已报区人社局审核。")


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def renewal_back(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """退回初审."""
    return STEPS.take(
        request,
        pk,
        "back",
        DecideForm,
        lambda data: services.return_to_centre(renewal_id=pk, by=request.user, **data),
        "已退回初审。",
    )


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def renewal_approve(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """审核通过."""
    return STEPS.take(
        request,
        pk,
        "approve",
        DecideForm,
        lambda data: services.approve(renewal_id=pk, by=request.user, **data),
        "已审核通过，待发文。",
    )


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def renewal_reject(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """不予续期."""
    return STEPS.take(
        request,
        pk,
        "reject",
        RefuseForm,
        lambda data: services.reject(renewal_id=pk, by=request.user, **data),
        "已作出不予续期的决定。",
    )


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def renewal_issue(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记发文."""
    return STEPS.take(
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
