"""取消资格: the page of one procedure, its steps and documents."""

from __future__ import annotations

import uuid
from collections.abc import Callable
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
from jinhua_labor.documents.letters import revocation_warning_pdf
from jinhua_labor.documents.official import official_document_pdf
from jinhua_labor.documents.word import official_document_docx
from jinhua_labor.review.queries import buttons
from jinhua_labor.review.states import Action, Recommendation
from stations.oversight.enums import ReversalCause, RevocationStage
from stations.oversight.forms.revocations import (
    AnswerForm,
    DayForm,
    DecideRevocationForm,
    DismissForm,
    OpinionForm,
    ReasonForm,
    ReverseForm,
    ScreenRevocationForm,
    StatementForm,
)
from stations.oversight.models import Revocation
from stations.oversight.queries import revocations as queries
from stations.oversight.rules.revocations import may_close_hearing
from stations.oversight.services import revocations as services

from .common import DOCX, READERS, Bound, Steps, as_file, status_of

OFFICES = (Role.CENTRE, Role.BUREAU)


def fetch(request: UserRequest, pk: uuid.UUID) -> Revocation:
    """The procedure, or 404 for somebody else's and for what the unit has not been told."""
    rows = Revocation.objects.visible_to(request.user).select_related(
        *queries.RELATED, "proposed_by", "notified_by", "answered_by", "reversed_by"
    )
    return get_object_or_404(rows, pk=pk)


def show(
    request: UserRequest, row: Revocation, *, bound: Bound | None = None, refusal: Refused | None = None
) -> HttpResponse:
    """The page of one procedure with the forms of the steps this person may take now."""
    user, bound, day = request.user, bound or {}, today()
    office = user.role in OFFICES
    context = {
        "row": row,
        "pill": queries.shown_state(row, user),
        "papers": queries.papers_for(row, user),
        "events": row.review.events.select_related("by")
        if row.review and (office or user.role == Role.AUDITOR)
        else (),
        "office": office or user.role == Role.AUDITOR,
        "refusal": refusal,
        "limits": limits_text(),
        "today": day,
        "silent": bool(row.defence_until and day > row.defence_until and not row.statement),
        **_forms(request, row, bound),
    }
    failed = refusal is not None or bool(bound)
    return render(request, "oversight/revocation.html", context, status=status_of(refusal) if failed else 200)


def _forms(request: UserRequest, row: Revocation, bound: Bound) -> dict[str, Any]:
    user, day, stage = request.user, today(), row.stage
    mine = user.role == Role.OPERATOR and user.organisation_id == row.operator_id
    centre, bureau = user.role == Role.CENTRE, user.role == Role.BUREAU
    made: dict[str, Any] = {"may_notify": centre and stage == RevocationStage.PROPOSED}

    def offer(name: str, form: type[PortalForm], **initial: Any) -> None:
        made[f"{name}_form"] = bound.get(name) or form(initial=initial, auto_id=f"id_{name}_%s")

    if centre and stage == RevocationStage.DRAFT:
        made["may_put"] = True
        offer("drop", ReasonForm)
    if mine and stage == RevocationStage.NOTIFIED and not row.statement:
        offer("statement", StatementForm)
    closable = row.defence_until and may_close_hearing(stated=bool(row.statement), until=row.defence_until, on=day)
    if centre and stage == RevocationStage.NOTIFIED and closable:
        offer("answer", AnswerForm)
    if mine and row.voluntary and stage == RevocationStage.REPORTED:
        offer("withdraw", ReasonForm)
    if bureau and stage in {RevocationStage.PROPOSED, RevocationStage.NOTIFIED}:
        offer("dismiss", DismissForm, key=uuid.uuid4())
    if row.review is not None and stage == RevocationStage.REPORTED:
        _review_forms(row, user, made, offer)
    if stage == RevocationStage.DECIDED:
        if centre and row.delivered_on is None:
            offer("deliver", DayForm, on=day)
        if (centre or bureau) and row.plaque_due_on and row.plaque_returned_on is None:
            offer("plaque", DayForm, on=day)
        if bureau:
            offer("reverse", ReverseForm, on=day)
    return made


def _review_forms(row: Revocation, user: Any, made: dict[str, Any], offer: Callable[..., None]) -> None:
    review = row.review
    assert review is not None
    actions = buttons(review, user)
    start = {"key": uuid.uuid4(), "version": review.version}
    made["hat"] = user.role == Role.CENTRE and review.entered_by(user)
    if user.role == Role.CENTRE and Action.SCREEN in actions:
        offer("screen", ScreenRevocationForm, **start, recommendation=Recommendation.AGREE)
    if user.role == Role.BUREAU and Action.REJECT in actions:
        if review.recommendation == Recommendation.AGREE:
            offer("decide", DecideRevocationForm, **start, opinion="同意取消该工作站资格。", issued_on=today())
        offer("back", OpinionForm, **start)
        offer("dismiss", DismissForm, **start)


@require_GET
@allow(*READERS)
def revocation(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return show(request, fetch(request, pk))


STEPS = Steps(fetch, show)


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def revocation_notify(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """告知."""
    return STEPS.take(
        request,
        pk,
        "notify",
        PortalForm,
        lambda _data: services.notify(revocation_id=pk, by=request.user),
        "已告知承建单位，陈述申辩期限开始计算。请打印告知书送达。",
    )


@keeps_typed()
@require_POST
@allow(Role.OPERATOR)
def revocation_statement(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """陈述申辩."""
    return STEPS.take(
        request,
        pk,
        "statement",
        StatementForm,
        lambda data: services.state(revocation_id=pk, text=data["text"], uploads=data["files"], by=request.user),
        "已提交陈述申辩。",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def revocation_answer(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """处理陈述申辩，报审."""
    return STEPS.take(
        request,
        pk,
        "answer",
        AnswerForm,
        lambda data: services.answer(revocation_id=pk, text=data["text"], by=request.user),
        "已处理陈述申辩并报审，由同事初审。",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def revocation_screen(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """初审."""

    def call(data: dict[str, Any]) -> object:
        data = dict(data)
        recommendation = Recommendation(data.pop("recommendation"))
        return services.screen(revocation_id=pk, by=request.user, recommendation=recommendation, **data)

    return STEPS.take(request, pk, "screen", ScreenRevocationForm, call, "已报区人社局决定。")


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def revocation_back(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """退回初审."""
    return STEPS.take(
        request,
        pk,
        "back",
        OpinionForm,
        lambda data: services.send_back(revocation_id=pk, by=request.user, **data),
        "已退回初审。",
    )


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def revocation_decide(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """取消资格决定."""
    return STEPS.take(
        request,
        pk,
        "decide",
        DecideRevocationForm,
        lambda data: services.decide(revocation_id=pk, by=request.user, **data),
        "已决定取消。公告已备好，请另一位同事核对后发布。",
    )


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def revocation_dismiss(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """不予取消."""
    return STEPS.take(
        request,
        pk,
        "dismiss",
        DismissForm,
        lambda data: services.dismiss(revocation_id=pk, by=request.user, **data),
        "已决定不予取消，工作站恢复原状态。",
    )


@keeps_typed()
@require_POST
@allow(Role.OPERATOR)
def revocation_withdraw(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The unit takes its application back."""
    if not fetch(request, pk).voluntary:
        raise Http404
    return STEPS.take(
        request,
        pk,
        "withdraw",
        ReasonForm,
        lambda data: services.withdraw(revocation_id=pk, by=request.user, **data),
        "已撤回申请。",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def revocation_drop(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """不予提出: the system's draft put aside."""
    return STEPS.take(
        request,
        pk,
        "drop",
        ReasonForm,
        lambda data: services.drop(revocation_id=pk, by=request.user, **data),
        "已登记不予提出。",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def revocation_deliver(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """送达."""
    return STEPS.take(
        request,
        pk,
        "deliver",
        DayForm,
        lambda data: services.deliver(revocation_id=pk, by=request.user, **data),
        "已登记送达。",
    )


@keeps_typed()
@require_POST
@allow(*OFFICES)
def revocation_plaque(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """铭牌交回."""
    return STEPS.take(
        request,
        pk,
        "plaque",
        DayForm,
        lambda data: services.return_plaque(revocation_id=pk, by=request.user, **data),
        "已登记铭牌交回。",
    )


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def revocation_reverse(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """决定撤销."""

    def call(data: dict[str, Any]) -> object:
        data = {**data, "cause": ReversalCause(data["cause"])}
        return services.reverse_decision(revocation_id=pk, by=request.user, **data)

    return STEPS.take(request, pk, "reverse", ReverseForm, call, "决定已撤销，工作站恢复资格，不得申报的限制解除。")


# --- documents --------------------------------------------------------------------------------------------------------


@require_GET
@allow(*READERS)
def revocation_letter(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """取消资格事先告知书 as PDF, for the unit too once it is given."""
    row = fetch(request, pk)
    if row.voluntary:
        raise Http404
    return as_file(revocation_warning_pdf(queries.warning_of(row)), "application/pdf", f"事先告知书-{row.number}.pdf")


def _decision(request: UserRequest, pk: uuid.UUID) -> Revocation:
    """A decision is drafted once the file is reported; the unit reads the sealed copy instead."""
    row = fetch(request, pk)
    if row.review is None:
        raise Http404
    return row


@require_GET
@allow(*OFFICES, Role.AUDITOR)
def revocation_pdf(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    row = _decision(request, pk)
    return as_file(official_document_pdf(queries.decision_of(row)), "application/pdf", f"取消资格决定-{row.number}.pdf")


@require_GET
@allow(*OFFICES, Role.AUDITOR)
def revocation_docx(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    row = _decision(request, pk)
    return as_file(official_document_docx(queries.decision_of(row)), DOCX, f"取消资格决定-{row.number}.docx")
