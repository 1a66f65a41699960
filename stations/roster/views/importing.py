"""① 选文件 → ② 核对 → ③ 提交."""

from __future__ import annotations

import io
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.attachments import reading as files
from jinhua_labor.audit.services import record
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.jobs.services import start
from stations.roster import consent, tasks
from stations.roster.enums import BatchState, Decision, StagedState
from stations.roster.forms import CommitForm, DecideForm, FormExceptionForm, MatchForm, StagedRowForm, UploadForm
from stations.roster.models import ImportBatch, StagedRow
from stations.roster.queries.access import is_open
from stations.roster.queries.checking import cells_of, counts, groups, hidden_rows, unmatched_employers
from stations.roster.services import annotating, checking, committing, matching, reading
from stations.roster.services.lists import LOCKED
from stations.roster.services.recount import recount_list

from .common import WRITERS, attachment, fetch_list, items, page_context, status_of

COMMIT_AT_ONCE = 5000
ASKS_SHOWN = 50
STEPS = ("选文件", "核对", "提交")


def _steps(current: int) -> list[tuple[str, str]]:
    return [
        (label, "done" if place < current else "current" if place == current else "todo")
        for place, label in enumerate(STEPS)
    ]


def _fetch(request: UserRequest, pk: uuid.UUID) -> ImportBatch:
    rows = ImportBatch.objects.visible_to(request.user).select_related(
        "roster_list__operator", "roster_list__application", "file", "job", "operator"
    )
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "POST"])
@allow(*WRITERS)
def upload(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """① a file: read at once when it is small, else in the background."""
    roster_list = fetch_list(request, pk)
    form, refusal = UploadForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        try:
            batch = reading.upload(roster_list=roster_list, file=form.cleaned_data["file"], by=request.user)
            return _begin(request, batch)
        except Refused as error:
            refusal = error
    elif request.method == "GET" and not is_open(roster_list, request.user):
        messages.warning(request, LOCKED)
        return redirect("roster:list", roster_list.pk)
    context = page_context(
        roster_list,
        form=form,
        limits=reading.limits().told(),
        max_bytes=reading.limits().file_bytes,
        steps=_steps(0),
        problems=items(refusal),
    )
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return render(request, "roster/upload.html", context, status=status)


def _begin(request: UserRequest, batch: ImportBatch, sheet: int | None = None) -> HttpResponse:
    if batch.file.size <= reading.AT_ONCE_BYTES:
        reading.read(batch_id=batch.pk, sheet=sheet)
    else:
        reading.read_later(batch=batch, sheet=sheet, by=request.user, task=tasks.read_batch)
    return redirect(batch)


@require_GET
@allow(*WRITERS)
def show(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The import as it stands: being read, waiting for a sheet, at checking, or over."""
    return _page(request, _fetch(request, pk))


def _page(request: UserRequest, batch: ImportBatch, *, refusal: Refused | None = None, **forms: Any) -> HttpResponse:
    if refusal is not None:
        batch = _fetch(request, batch.pk)
    context = page_context(batch.roster_list, batch=batch, refusal=refusal, problems=items(refusal), steps=_steps(1))
    status = status_of(refusal) if refusal else 422 if any(form.errors for form in forms.values()) else 200
    if batch.state not in checking.OPEN:
        return render(request, "roster/import.html", {**context, "job": batch.job}, status=status)
    found = counts(batch)
    code = request.GET.get("kind", "")[:20]
    known_forms = {
        "commit_form": CommitForm(initial={"default_form": batch.default_form, "key": uuid.uuid4()}),
        "form_form": FormExceptionForm(prefix="exception"),
        "match_form": None,
        **forms,
    }
    context |= {
        "counts": found,
        "groups": groups(batch, code=code, per_kind=200 if code else 10) if found.total else [],
        "kind": code,
        "hidden": hidden_rows(batch),
        "asks": batch.rows.filter(state=StagedState.ASK).order_by("row_no")[:ASKS_SHOWN] if found.ask else [],
        "exceptions": batch.rows.exclude(form="").exclude(state=StagedState.DROPPED).order_by("row_no")[:100],
        "matches": _matches(batch, known_forms.pop("match_form")),
        "consent": consent.text_of(consent.CURRENT),
        "declared": batch.state == BatchState.COMMITTED,
        "can_edit": is_open(batch.roster_list, request.user),
        "decisions": Decision,
        **known_forms,
    }
    return render(request, "roster/checking.html", context, status=status)


def _matches(batch: ImportBatch, bound: MatchForm | None) -> list[dict[str, Any]]:
    found = []
    for number, one in enumerate(unmatched_employers(batch)):
        form = MatchForm(
            initial={"text": one.text, "name": one.text, "credit_code": one.suggested, "in_district": "1"},
            auto_id=f"match_{number}_%s",
        )
        if bound is not None and bound.data.get("text") == one.text:
            bound.auto_id = f"match_{number}_%s"
            form = bound
        found.append({"text": one.text, "rows": one.rows, "form": form})
    return found


@require_POST
@allow(*WRITERS)
def choose(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """Which of several sheets is the roster; also reads a file again that was interrupted."""
    batch = _fetch(request, pk)
    number = request.POST.get("sheet", "")
    return _begin(request, batch, int(number) if number.isdigit() and len(number) < 4 else None)


@require_POST
@allow(*WRITERS)
def employer(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """A name of the file and its credit code."""
    batch, form = _fetch(request, pk), MatchForm(request.POST)
    if not form.is_valid():
        return _page(request, batch, match_form=form)
    try:
        found = matching.match(batch=batch, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        return _page(request, batch, refusal=refusal, match_form=form)
    if found.told:
        messages.warning(request, found.told)
    messages.success(request, f"「{form.cleaned_data['text']}」已对应到 {found.employer.name}，以后导入时自动识别。")
    return redirect(batch)


@require_POST
@allow(*WRITERS)
def decide(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """更正还是再次输送: for one row (`row`) or for all that ask."""
    batch, form = _fetch(request, pk), DecideForm(request.POST)
    if not form.is_valid():
        return _page(request, batch, refusal=Refused("请选择更正、再次输送或不导入。"))
    row = request.POST.get("row", "")
    try:
        answered = checking.decide(
            batch=batch,
            decision=Decision(form.cleaned_data["decision"]),
            by=request.user,
            row_no=int(row) if row.isdigit() and len(row) < 8 else None,
        )
    except Refused as refusal:
        return _page(request, batch, refusal=refusal)
    messages.success(request, f"已确认 {answered} 行：{Decision(form.cleaned_data['decision']).label}。")
    return redirect(batch)


@require_POST
@allow(*WRITERS)
def exceptions(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """用工形式 of some rows."""
    batch, form = _fetch(request, pk), FormExceptionForm(request.POST, prefix="exception")
    if not form.is_valid():
        return _page(request, batch, form_form=form)
    try:
        changed = checking.set_form(
            batch=batch, form=form.cleaned_data["form"], row_nos=form.cleaned_data["rows"], by=request.user
        )
    except Refused as refusal:
        return _page(request, batch, refusal=refusal, form_form=form)
    messages.success(request, f"已为 {changed} 行登记用工形式。")
    return redirect(batch)


@require_POST
@allow(*WRITERS)
def repeats(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """Of rows that say the same twice keeps the first."""
    batch = _fetch(request, pk)
    try:
        dropped = checking.drop_repeats(batch=batch, by=request.user)
    except Refused as refusal:
        return _page(request, batch, refusal=refusal)
    messages.success(request, f"{dropped} 行重复的不再导入，各留第一行。")
    return redirect(batch)


@require_http_methods(["GET", "POST"])
@allow(*WRITERS)
def row(request: UserRequest, pk: uuid.UUID, row_no: int) -> HttpResponse:
    """One staged row: its cells, corrected here and checked like the file's own; or left out."""
    batch = _fetch(request, pk)
    staged = get_object_or_404(StagedRow.objects.filter(batch=batch), row_no=row_no)
    data, refusal = request.POST if request.method == "POST" else None, None
    form = StagedRowForm(data, initial=cells_of(staged), last4=staged.last4)
    if request.method == "POST":
        try:
            if "drop" in request.POST:
                checking.drop_row(batch=batch, row_no=row_no, by=request.user)
                messages.success(request, f"第 {row_no} 行不导入。")
                return redirect(batch)
            form.is_valid()
            staged = checking.edit_row(batch=batch, row_no=row_no, values=form.cleaned_data, by=request.user)
        except Refused as error:
            refusal = error
        else:
            if staged.state not in (StagedState.BAD, StagedState.ASK):
                messages.success(request, f"第 {row_no} 行已更正。")
                return redirect(batch)
    context = page_context(
        batch.roster_list, batch=batch, row=staged, form=form, refusal=refusal, problems=_row_problems(staged, refusal)
    )
    context["following"] = _next_bad(batch, row_no)
    status = status_of(refusal) if refusal else 422 if request.method == "POST" else 200
    return render(request, "roster/staged_row.html", context, status=status)


def _row_problems(staged: StagedRow, refusal: Refused | None) -> list[dict[str, str]]:
    if refusal is not None:
        return items(refusal)
    return [{"text": problem[3], "url": f"#id_{problem[2]}"} for problem in staged.problems or ()]


def _next_bad(batch: ImportBatch, row_no: int) -> int | None:
    waiting = batch.rows.filter(state=StagedState.BAD, row_no__gt=row_no).order_by("row_no")
    return waiting.values_list("row_no", flat=True).first()


@require_POST
@allow(*WRITERS)
def annotated(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The upload once more with its problems beside the cells; it holds full numbers, so it is a logged POST."""
    batch = _fetch(request, pk)
    out = io.BytesIO()
    try:
        annotating.annotate(batch=batch, out=out)
    except (Refused, files.FileMissing) as error:
        refusal = error if isinstance(error, Refused) else Refused("上传的文件已不在服务器上，请重新上传。")
        return _page(request, batch, refusal=refusal)
    record(by=request.user, action="roster.annotated", obj=batch.roster_list, purpose="核对更正导入文件")
    return attachment(out.getvalue(), f"{batch.file.name.rsplit('.', 1)[0]}_标注.xlsx")


@require_POST
@allow(*WRITERS)
def commit(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """③ the good rows into the list, then the count; a long list in the background."""
    batch = _fetch(request, pk)
    declared = batch.state == BatchState.COMMITTED
    form = CommitForm(request.POST)
    if not declared and not form.is_valid():
        return _page(request, batch, commit_form=form)
    words = {} if declared else {name: form.cleaned_data[name] for name in ("default_form", "consented")}
    if batch.state in checking.OPEN and counts(batch).ready > COMMIT_AT_ONCE:
        job = start(
            kind="roster.commit",
            title="提交名册并核算人数",
            by=request.user,
            task=tasks.commit_batch,
            args={"batch": str(batch.pk), "by": str(request.user.pk), "default_form": "", "consented": False, **words},
            back_url=batch.roster_list.get_absolute_url(),
        )
        return redirect("jobs:detail", job.pk)
    try:
        done = committing.commit(batch=batch, by=request.user, **words)
    except Conflict as refusal:
        return _page(request, batch, refusal=refusal)
    except Refused as refusal:
        return _page(request, batch, refusal=refusal, commit_form=form)
    if done.added or done.corrected:
        recount_list(roster_list=batch.roster_list)
        messages.success(request, _told(done))
    elif done.known:
        messages.success(request, f"{done.known} 行此前已登记，没有重复导入。")
    else:
        messages.info(request, "这些行已经提交过，没有重复导入。")
    return redirect(batch if batch.rows.exclude(state=StagedState.DROPPED).exists() else batch.roster_list)


def _told(done: committing.Committed) -> str:
    parts = [f"新增 {done.added} 行"]
    if done.corrected:
        parts.append(f"更正 {done.corrected} 行")
    if done.known:
        parts.append(f"{done.known} 行此前已登记未重复")
    return f"已提交：{'，'.join(parts)}。"


@require_POST
@allow(*WRITERS)
def discard(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """Gives the import up."""
    batch = _fetch(request, pk)
    try:
        reading.discard(batch=batch, by=request.user)
    except Refused as refusal:
        return _page(request, batch, refusal=refusal)
    messages.success(request, "已放弃这次导入，已提交的行不受影响。")
    return redirect(batch.roster_list)
