"""附件3 of one year: the lines with what stands behind them, each saved by itself; the steps this person may take."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from assessments.sheets.enums import Stage
from assessments.sheets.forms.lines import (
    AnswerForm,
    CheckForm,
    LineForm,
    OpinionForm,
    ReplyForm,
    ReturnForm,
    SubmitForm,
)
from assessments.sheets.models import Sheet
from assessments.sheets.queries import listing
from assessments.sheets.queries.sheet import LineView, lines_of, others_on, steps, tally
from assessments.sheets.rules.score import zero_delivery_at
from assessments.sheets.services import review as review_steps
from assessments.sheets.services import scoring
from assessments.sheets.services.review import NO_REMARK, is_over
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, background_poll, keeps_typed
from jinhua_labor.attachments.reading import limits_text
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.forms import PortalForm
from jinhua_labor.policy.types import Policy
from jinhua_labor.review.queries import buttons
from jinhua_labor.review.states import Action, Decider
from jinhua_labor.rulebook import policy_on
from stations.oversight.views.common import attempt, status_of

from .common import OFFICES, READERS, fetch_sheet, is_unit

Bound = dict[str, PortalForm]
CONFIRMED = "同意评估结果。"


@require_GET
@allow(*READERS)
def sheet(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return show(request, fetch_sheet(request, pk))


def show(
    request: UserRequest, row: Sheet, *, bound: Bound | None = None, refusal: Refused | None = None
) -> HttpResponse:
    """The page of a sheet; `bound` are forms as they were typed, by line code or step."""
    user, bound = request.user, bound or {}
    year = row.assessment
    policy, facts = policy_on(year.ends_on).policy, scoring.facts_of(row)
    views = lines_of(row, facts, user)
    latest = not year.sheets.filter(round__gt=row.round).exists()
    foot = tally(views, facts, policy=policy)
    scoring_now = latest and user.role == Role.CENTRE and year.stage == Stage.SCORING
    stale = refusal.line if isinstance(refusal, scoring.StaleLine) else None
    for view in views:
        view.extra.update(_line_forms(request, row, view, policy, bound, scoring_now and facts is not None, latest))
        view.extra["stale"] = stale if stale is not None and stale.code == view.code else None
    context = {
        "row": row,
        "year": year,
        "latest": latest,
        "pill": listing.shown(year, user),
        "steps": steps(year, user),
        "views": views,
        "foot": foot,
        "facts": facts,
        "gathered_at": row.facts.get(scoring.GATHERED, "") if row.facts else "",
        "policy": policy,
        "office": user.role in OFFICES,
        "scoring": scoring_now,
        "others": others_on(row, user) if scoring_now else (),
        "limits": limits_text(),
        "refusal": refusal,
        "warning": zero_delivery_at(foot.settled, year.stage, policy=policy) if user.role in OFFICES and latest else "",
        "waiting_answers": sum(not one.reply for view in views for one in view.answers),
        "over": is_over(row),
        **(_steps(request, row, bound, foot.lines_version) if latest else {}),
    }
    failed = refusal is not None or bool(bound)
    return render(request, "assessments/sheet.html", context, status=status_of(refusal) if failed else 200)


def _line_forms(
    request: UserRequest, row: Sheet, view: LineView, policy: Policy, bound: Bound, scoring_now: bool, latest: bool
) -> dict[str, Any]:
    """The form of the line for who scores it, for the station that answers it, for the centre that replies."""
    code = view.code
    found: dict[str, Any] = {}
    if scoring_now:
        found["form"] = bound.get(code) or LineForm(view=view, policy=policy)
    may_answer = is_unit(request, row.assessment) and latest and _in_feedback(row) and not view.answers
    if may_answer:
        found["answer_form"] = bound.get(f"answer-{code}") or AnswerForm(auto_id=f"id_{code}_%s")
    open_answers = [one for one in view.answers if not one.reply]
    may_reply = request.user.role == Role.CENTRE and latest
    if may_reply and open_answers and row.assessment.stage in {Stage.FEEDBACK, Stage.SCORING, Stage.CHECKING}:
        found["reply_form"] = bound.get(f"reply-{code}") or ReplyForm(auto_id=f"id_{code}_reply_%s")
    found["bound"] = any(form.is_bound for form in found.values())
    return found


def _in_feedback(row: Sheet) -> bool:
    until = row.feedback_until
    return row.assessment.stage == Stage.FEEDBACK and row.agreed_at is None and until is not None and until >= today()


def _steps(request: UserRequest, row: Sheet, bound: Bound, lines_version: int) -> dict[str, Any]:
    """The steps this person may take now, each with its form."""
    user, stage, review = request.user, row.assessment.stage, row.review
    made: dict[str, Any] = {"may_agree": is_unit(request, row.assessment) and _in_feedback(row)}

    def offer(name: str, form: type[PortalForm], **initial: Any) -> None:
        made[f"{name}_form"] = bound.get(name) or form(initial=initial, auto_id=f"id_{name}_%s")

    if user.role == Role.CENTRE and stage == Stage.SCORING:
        offer("submit", SubmitForm, lines_version=lines_version, key=uuid.uuid4())
    if review is None:
        return made
    start = {"key": uuid.uuid4(), "version": review.version}
    own = user.pk in {review.created_by_id, review.submitted_by_id} or row.lines.filter(given_by=user).exists()
    if user.role == Role.CENTRE and stage in {Stage.CHECKING, Stage.FEEDBACK}:
        made["own"] = own
        if not own:
            offer("return", ReturnForm, **start)
            if stage == Stage.CHECKING and row.checked_at is None:
                offer("check", CheckForm, version=review.version)
            if row.checked_at is not None and row.checked_by_id == user.pk:
                offer("screen", OpinionForm, **start, opinion=NO_REMARK)
    if stage == Stage.CONFIRMING and Action.APPROVE in buttons(review, user):
        offer("confirm", OpinionForm, **start, opinion=CONFIRMED)
        offer("back", OpinionForm, **start)
    return made


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def line(request: UserRequest, pk: uuid.UUID, code: str) -> HttpResponse:
    """One line saved by itself."""
    row = fetch_sheet(request, pk)
    policy = policy_on(row.assessment.ends_on).policy
    views = {view.code: view for view in lines_of(row, scoring.facts_of(row), request.user)}
    if code not in views:
        raise Http404
    form = LineForm(request.POST, request.FILES, view=views[code], policy=policy)
    if not form.is_valid():
        return show(request, row, bound={code: form})
    _, refusal = attempt(
        lambda: scoring.save_line(
            sheet_id=pk, code=code, entry=form.entry(), version=form.cleaned_data["version"], by=request.user
        )
    )
    if refusal:
        return show(request, fetch_sheet(request, pk), bound={code: form}, refusal=refusal)
    if request.headers.get("HX-Request"):
        return show(request, fetch_sheet(request, pk))
    messages.success(request, f"已保存：{policy.indicator(code).name}。")
    return redirect(f"{row.get_absolute_url()}#line-{code}")


@require_POST
@allow(Role.CENTRE)
def refresh(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """更新计分事实."""
    row = fetch_sheet(request, pk)
    _, refusal = attempt(lambda: scoring.refresh(sheet_id=pk, by=request.user))
    if refusal:
        return show(request, fetch_sheet(request, pk), refusal=refusal)
    messages.success(request, "计分事实已更新。与系统分不同的评分保持不变。")
    return redirect(row)


@require_POST
@allow(Role.CENTRE)
def evidence_remove(request: UserRequest, pk: uuid.UUID, evidence: uuid.UUID) -> HttpResponse:
    """A paper taken off its line."""
    row = fetch_sheet(request, pk)
    found, refusal = attempt(lambda: scoring.remove_evidence(sheet_id=pk, evidence_id=evidence, by=request.user))
    if refusal:
        return show(request, fetch_sheet(request, pk), refusal=refusal)
    return redirect(f"{row.get_absolute_url()}#line-{found.code}")


@require_POST
@allow(Role.CENTRE)
@background_poll
def presence(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """A page that is open says so, and reads who else has the sheet open."""
    row = fetch_sheet(request, pk)
    scoring.seen(sheet=row, by=request.user)
    return render(request, "assessments/_presence.html", {"others": others_on(row, request.user), "row": row})


# --- the steps --------------------------------------------------------------------------------------------------------


def _step(
    request: UserRequest, pk: uuid.UUID, name: str, form: PortalForm, call: Any, words: str, anchor: str = ""
) -> HttpResponse:
    """One posted step: the form, the service, the page again with what is wrong."""
    row = fetch_sheet(request, pk)
    if not form.is_valid():
        return show(request, row, bound={name: form})
    _, refusal = attempt(lambda: call(form.cleaned_data))
    if refusal:
        return show(request, fetch_sheet(request, pk), bound={name: form}, refusal=refusal)
    messages.success(request, words)
    target = Sheet.objects.visible_to(request.user).filter(pk=pk).exists()
    return redirect(f"{row.get_absolute_url()}{anchor}" if target else row.assessment.get_absolute_url())


def _posted(request: UserRequest, form: type[PortalForm], name: str) -> PortalForm:
    return form(request.POST, request.FILES, auto_id=f"id_{name}_%s")


@require_POST
@allow(Role.CENTRE)
def submit(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """送复核."""
    form = _posted(request, SubmitForm, "submit")
    return _step(
        request, pk, "submit", form, lambda data: review_steps.submit(sheet_id=pk, by=request.user, **data),
        "已送复核，由没有评分的同事办理。",
    )  # fmt: skip


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def send_back(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """退回评分."""
    form = _posted(request, ReturnForm, "return")
    return _step(
        request, pk, "return", form, lambda data: review_steps.send_back(sheet_id=pk, by=request.user, **data),
        "已退回评分。",
    )  # fmt: skip


@require_POST
@allow(Role.CENTRE)
def check(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """复核通过，草稿送站点."""
    form = _posted(request, CheckForm, "check")
    return _step(
        request, pk, "check", form, lambda data: review_steps.check(sheet_id=pk, by=request.user, **data),
        "复核通过，评分草稿已送站点反馈。",
    )  # fmt: skip


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def screen(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """报送确认."""
    form = _posted(request, OpinionForm, "screen")
    return _step(
        request, pk, "screen", form, lambda data: review_steps.screen(sheet_id=pk, by=request.user, **data),
        "已报送确认。",
    )  # fmt: skip


@keeps_typed()
@require_POST
@allow(Role.OPERATOR)
def answer(request: UserRequest, pk: uuid.UUID, code: str) -> HttpResponse:
    """站点意见 to one line."""
    form = AnswerForm(request.POST, request.FILES, auto_id=f"id_{code}_%s")
    return _step(
        request, pk, f"answer-{code}", form,
        lambda data: review_steps.answer(sheet_id=pk, code=code, by=request.user, **data),
        "意见已提交。", f"#line-{code}",
    )  # fmt: skip


@require_POST
@allow(Role.OPERATOR)
def agree(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """无意见."""
    form = _posted(request, PortalForm, "agree")
    return _step(
        request, pk, "agree", form, lambda _: review_steps.agree(sheet_id=pk, by=request.user),
        "已反馈：没有其他意见。",
    )  # fmt: skip


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def reply(request: UserRequest, pk: uuid.UUID, answer: uuid.UUID) -> HttpResponse:
    """答复站点意见."""
    found = get_object_or_404(fetch_sheet(request, pk).answers, pk=answer)
    form = ReplyForm(request.POST, auto_id=f"id_{found.code}_reply_%s")
    return _step(
        request, pk, f"reply-{found.code}", form,
        lambda data: review_steps.reply(sheet_id=pk, answer_id=answer, by=request.user, **data),
        "已答复。", f"#line-{found.code}",
    )  # fmt: skip


@keeps_typed()
@require_POST
@allow(Role.BUREAU, Role.CENTRE)
def confirm(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """确认 by the bureau, or by the centre where the review says so."""
    _refuse_other_office(request, pk)
    form = _posted(request, OpinionForm, "confirm")
    return _step(
        request, pk, "confirm", form, lambda data: review_steps.confirm(sheet_id=pk, by=request.user, **data),
        "已确认评估结果，由区就业服务中心拟公示稿。",
    )  # fmt: skip


@keeps_typed()
@require_POST
@allow(Role.BUREAU, Role.CENTRE)
def return_to_centre(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """退回复核人."""
    _refuse_other_office(request, pk)
    form = _posted(request, OpinionForm, "back")
    return _step(
        request, pk, "back", form, lambda data: review_steps.return_to_centre(sheet_id=pk, by=request.user, **data),
        "已退回复核人。",
    )  # fmt: skip


def _refuse_other_office(request: UserRequest, pk: uuid.UUID) -> None:
    """403 for the office that does not decide this sheet, whatever it sent."""
    review = fetch_sheet(request, pk).review
    if request.user.role != (review.decider if review else Decider.BUREAU):
        raise PermissionDenied
