"""The steps of a record: 提请确认, 确认 by a second person, 退回, 作废, 撤销."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.rulebook import services
from jinhua_labor.rulebook.enums import VersionState
from jinhua_labor.rulebook.forms import NoteForm, ReasonForm, RevisionForm
from jinhua_labor.rulebook.queries import before, faults_of

from .pages import changes_of, fetch, show, status_of, told


@require_POST
@allow(Role.BUREAU)
def submit(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """提请确认."""
    row, form = fetch(request, pk), RevisionForm(request.POST)
    if not form.is_valid():
        return show(request, row, refusal=Refused("页面已过期，请刷新后重试。"), status=422)
    try:
        services.submit(version_id=pk, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        return show(request, fetch(request, pk), refusal=refusal, status=status_of(refusal))
    messages.success(request, "已提请确认，等待区人社局另一位工作人员核对。")
    return redirect(row)


@require_http_methods(["GET", "POST"])
@allow(Role.BUREAU)
def confirm(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """确认 by a second person, who sees the document, its days and every change before."""
    row = fetch(request, pk)
    form, refusal = RevisionForm(request.POST or None, initial={"revision": row.revision}), None
    if request.method == "POST" and form.is_valid():
        try:
            services.confirm(version_id=pk, by=request.user, **form.cleaned_data)
        except Refused as refused:
            refusal, row = refused, fetch(request, pk)
        else:
            messages.success(request, "已确认，公开的政策页面已列出。")
            return redirect(row)
    elif request.method == "POST":
        refusal = Refused("页面已过期，请刷新后重试。")
    day = today()
    context = {
        "row": row,
        "form": RevisionForm(initial={"revision": row.revision}),
        "refusal": refusal,
        "faults": told(row, faults_of(row, day)) if row.state == VersionState.SUBMITTED else [],
        "changes": changes_of(row, day),
        "mine": row.drafted_by_id == request.user.pk,
        "note_form": NoteForm(),
        "now_end": before(row, day).policy.effective_to,
    }
    return render(request, "rulebook/confirm.html", context, status=status_of(refusal) if refusal else 200)


@require_POST
@allow(Role.BUREAU)
@keeps_typed()
def hand_back(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """退回修改, or taken back by the drafter."""
    row, form = fetch(request, pk), NoteForm(request.POST)
    if not form.is_valid():
        return show(request, row, forms={"note_form": form}, status=422)
    try:
        services.hand_back(version_id=pk, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        return show(request, fetch(request, pk), refusal=refusal, status=status_of(refusal))
    messages.success(
        request, "已退回拟稿人修改。" if row.drafted_by_id != request.user.pk else "已取回，可以继续修改。"
    )
    return redirect(row)


@require_POST
@allow(Role.BUREAU)
def discard(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    row = fetch(request, pk)
    try:
        services.discard(version_id=pk, by=request.user)
    except Refused as refusal:
        return show(request, fetch(request, pk), refusal=refusal, status=status_of(refusal))
    messages.success(request, "草稿已作废，记录保留。")
    return redirect(row)


@require_POST
@allow(Role.BUREAU)
@keeps_typed()
def withdraw(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    row, form = fetch(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return show(request, row, forms={"reason_form": form}, status=422)
    try:
        services.withdraw(version_id=pk, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        return show(
            request, fetch(request, pk), forms={"reason_form": form}, refusal=refusal, status=status_of(refusal)
        )
    messages.success(request, "已撤销，记录保留。")
    return redirect(row)
