"""Notices: what everyone reads, and the desk where they are prepared, released and withdrawn."""

from __future__ import annotations

import uuid

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed, public
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.forms import PortalForm

from . import services
from .forms import AmendForm, AnswerForm, ObjectionForm, PrepareForm, ReleaseForm, WithdrawForm
from .models import Notice, NoticeKind, NoticeState, Objection

OFFICES = (Role.CENTRE, Role.BUREAU)
READERS = (*OFFICES, Role.AUDITOR)
PAGE = 20
EDITABLE = (NoticeState.DRAFT, NoticeState.READY)


def _status(refusal: Refused) -> int:
    return 409 if isinstance(refusal, Conflict) else 422


# --- For everyone -------------------------------------------------------------------------------------------------


@public
@require_GET
def public_list(request: HttpRequest) -> HttpResponse:
    """通知公示: all that is published, the newest first, by kind."""
    kind, day = request.GET.get("kind", ""), today()
    rows = Notice.objects.public()
    if kind == "period":
        rows = rows.in_period(day)
    elif kind in NoticeKind.values:
        rows = rows.filter(kind=kind)
    chips = [
        {"label": label, "url": f"?{urlencode({'kind': key})}" if key else "?", "active": kind == key}
        for key, label in (("", "全部"), ("period", "正在公示"), *NoticeKind.choices)
    ]
    page = Paginator(rows.defer("body"), PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/public_list.html", {"page_obj": page, "chips": chips, "kind": kind, "today": day})


@public
@require_GET
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _public_page(request, get_object_or_404(Notice.objects.public(), pk=pk))


def _public_page(
    request: HttpRequest,
    notice: Notice,
    *,
    form: ObjectionForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    running = notice.ends_on is not None and today() <= notice.ends_on
    context = {"notice": notice, "running": running, "form": form or ObjectionForm(), "refusal": refusal}
    return render(request, "notices/detail.html", context, status=status)


@public
@require_POST
def objection(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """提出异议 of anyone, within the period, a few an hour from one address."""
    notice = get_object_or_404(Notice.objects.public(), pk=pk)
    form = ObjectionForm(request.POST, request.FILES)
    if not form.is_valid():
        return _public_page(request, notice, form=form, status=422)
    if not ratelimit.consume(request, action="objection"):
        slow = Refused("从您的网络提交的异议过多，请一小时后再试，或按页面上的监督电话反映。")
        return _public_page(request, notice, form=form, refusal=slow, status=429)
    try:
        services.object_to(notice_id=pk, **form.cleaned_data)
    except Refused as refusal:
        return _public_page(request, notice, form=form, refusal=refusal, status=_status(refusal))
    messages.success(request, "异议已收到，区就业服务中心核实后按您留下的联系方式答复。")
    return redirect(notice)


# --- The desk -----------------------------------------------------------------------------------------------------


@require_GET
@allow(*READERS)
def manage(request: UserRequest) -> HttpResponse:
    """公示公告 with drafts and what was withdrawn."""
    state = request.GET.get("state", "")
    rows = Notice.objects.visible_to(request.user).select_related("prepared_by", "released_by")
    if state in NoticeState.values:
        rows = rows.filter(state=state)
    chips = [
        {"label": label, "url": f"?{urlencode({'state': key})}" if key else "?", "active": state == key}
        for key, label in (("", "全部"), *((k, v) for k, v in NoticeState.choices if k != NoticeState.DRAFT))
    ]
    page = Paginator(rows.defer("body").order_by("-prepared_at", "id"), PAGE).get_page(request.GET.get("page"))
    objections = Objection.objects.visible_to(request.user).open().select_related("notice")
    context = {"page_obj": page, "chips": chips, "objections": objections, "may_write": request.user.role in OFFICES}
    return render(request, "notices/manage.html", context)


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(*OFFICES)
def prepare(request: UserRequest) -> HttpResponse:
    """起草: saved, it waits for a second person of the bureau."""
    initial = {
        "office": request.user.organisation.name if request.user.organisation else "",
        "phone": settings.SITE_PHONE,
    }
    form = PrepareForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        notice = services.prepare(by=request.user, **form.cleaned_data)
        messages.success(request, "已保存，等待另一位局工作人员审核发布。")
        return redirect("notices:desk", pk=notice.pk)
    return render(request, "notices/prepare.html", {"form": form}, status=422 if form.errors else 200)


def _fetch(request: UserRequest, pk: uuid.UUID) -> Notice:
    rows = Notice.objects.visible_to(request.user).select_related("prepared_by", "released_by", "withdrawn_by")
    return get_object_or_404(rows, pk=pk)


@require_GET
@allow(*READERS)
def desk(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _desk(request, _fetch(request, pk))


def _desk(
    request: UserRequest,
    notice: Notice,
    *,
    refusal: Refused | None = None,
    status: int = 200,
    forms: dict[str, PortalForm] | None = None,
) -> HttpResponse:
    """One notice with what this person may do now; `forms` are those that came back with errors."""
    user, editable, kept = request.user, notice.state in EDITABLE, forms or {}
    fields = ("title", "body", "workdays", "office", "phone")
    mine = notice.prepared_by_id == user.pk
    context = {
        "notice": notice,
        "findings": services.findings(notice) if editable else (),
        "objections": Objection.objects.visible_to(user)
        .filter(notice=notice)
        .select_related("answered_by", "evidence"),
        "answering": kept.get("answering"),
        "refusal": refusal,
        "amend_form": (kept.get("amend") or AmendForm(initial={name: getattr(notice, name) for name in fields}))
        if editable and user.role in OFFICES
        else None,
        "release_form": (kept.get("release") or ReleaseForm())
        if notice.state == NoticeState.READY and user.role == Role.BUREAU and not mine
        else None,
        "withdraw_form": (kept.get("withdraw") or WithdrawForm())
        if notice.state == NoticeState.PUBLISHED and user.role == Role.BUREAU
        else None,
        "answer_form": (kept.get("answer") or AnswerForm()) if user.role == Role.CENTRE else None,
        "mine": mine,
    }
    return render(request, "notices/desk.html", context, status=status)


@keeps_typed()
@require_POST
@allow(*OFFICES)
def amend(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    notice, form = _fetch(request, pk), AmendForm(request.POST)
    if not form.is_valid():
        return _desk(request, notice, forms={"amend": form}, status=422)
    try:
        services.amend(notice_id=pk, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        return _desk(request, _fetch(request, pk), forms={"amend": form}, refusal=refusal, status=_status(refusal))
    messages.success(request, "已保存修改，等待另一位局工作人员审核发布。")
    return redirect("notices:desk", pk=pk)


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def release(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """发布 by an official who did not prepare it."""
    notice, form = _fetch(request, pk), ReleaseForm(request.POST)
    if not form.is_valid():
        return _desk(request, notice, forms={"release": form}, status=422)
    try:
        services.release(notice_id=pk, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        return _desk(request, _fetch(request, pk), forms={"release": form}, refusal=refusal, status=_status(refusal))
    messages.success(request, "已发布，公众现在可以看到。")
    return redirect("notices:desk", pk=pk)


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def withdraw(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    notice, form = _fetch(request, pk), WithdrawForm(request.POST)
    if not form.is_valid():
        return _desk(request, notice, forms={"withdraw": form}, status=422)
    try:
        services.withdraw(notice_id=pk, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        return _desk(request, _fetch(request, pk), forms={"withdraw": form}, refusal=refusal, status=_status(refusal))
    messages.success(request, "已撤回，公开页面不再显示。")
    return redirect("notices:desk", pk=pk)


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def answer(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """答复异议."""
    row = get_object_or_404(Objection.objects.visible_to(request.user), pk=pk)
    notice, form = _fetch(request, row.notice_id), AnswerForm(request.POST)
    kept: dict[str, PortalForm] = {"answer": form, "answering": row.pk}  # type: ignore[dict-item]
    if not form.is_valid():
        return _desk(request, notice, forms=kept, status=422)
    try:
        services.answer(objection_id=pk, text=form.cleaned_data["text"], by=request.user)
    except Refused as refusal:
        return _desk(request, notice, forms=kept, refusal=refusal, status=_status(refusal))
    messages.success(request, "已登记答复，请按对方留下的联系方式告知。")
    return redirect("notices:desk", pk=notice.pk)
