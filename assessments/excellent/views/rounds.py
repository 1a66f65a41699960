"""评选: the rounds, one round with its candidates, its notice and its document; the titles everybody may read of."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.excellent import queries
from assessments.excellent.documents import recognition
from assessments.excellent.enums import CandidateStage
from assessments.excellent.forms import RecogniseForm, RoundForm, StandForm
from assessments.excellent.models import Round
from assessments.excellent.services import candidates as candidate_services
from assessments.excellent.services import rounds as services
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed, public
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.documents.official import official_document_pdf
from jinhua_labor.documents.word import official_document_docx
from jinhua_labor.notices.models import NoticeState
from stations.oversight.views.common import DOCX, as_file, attempt, page_of, status_of
from stations.registry.enums import PUBLIC_STATES

from .common import OFFICES, READERS, Bound, posted


@public
@require_GET
def public_titles(request: HttpRequest) -> HttpResponse:
    """优秀站点名单 for everybody."""
    return render(request, "excellent/public.html", {"titles": queries.public_titles(), "public_states": PUBLIC_STATES})


@require_http_methods(["GET", "POST"])
@allow(*READERS)
@keeps_typed()
def rounds(request: UserRequest) -> HttpResponse:
    """Rounds, titles and what is due; the bureau opens a round here."""
    opens = request.user.role == Role.BUREAU
    form = RoundForm(request.POST or None) if opens else None
    refusal: Refused | None = None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            made, refusal = attempt(lambda: services.open_round(by=request.user, **form.cleaned_data))
            if refusal is None:
                messages.success(request, f"{made}已启动。")
                return redirect(made)
    context = {
        "page_obj": page_of(request, Round.objects.visible_to(request.user)),
        "titles": queries.public_titles(),
        "due": queries.due_reverifications(request.user),
        "rectifying": queries.rectifying(request.user),
        "form": form,
        "refusal": refusal,
    }
    failed = refusal or (form and form.errors)
    return render(request, "excellent/rounds.html", context, status=status_of(refusal) if failed else 200)


@require_GET
@allow(*READERS)
def round_page(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return show(request, _fetch(request, pk))


def show(
    request: UserRequest, row: Round, *, bound: Bound | None = None, refusal: Refused | None = None
) -> HttpResponse:
    """One round with what this person may do now."""
    user, bound, day = request.user, bound or {}, today()
    listed = queries.candidates(row, user)
    stages = {candidate.stage for candidate in listed}
    standing = user.role in {Role.OPERATOR, Role.CENTRE} and day <= row.apply_until and row.notice_id is None
    out = row.notice is not None and row.notice.state != NoticeState.WITHDRAWN
    over = out and row.notice is not None and row.notice.ends_on is not None and day > row.notice.ends_on
    stations = queries.may_stand(row, user) if standing else ()
    context: dict[str, Any] = {
        "row": row,
        "candidates": listed,
        "refusal": refusal,
        "stand_form": bound.get("stand") or StandForm(stations=stations, initial={"key": uuid.uuid4()})
        if standing and stations
        else None,
        "may_publish": user.role == Role.CENTRE
        and not out
        and day > row.apply_until
        and CandidateStage.APPROVED in stages
        and not stages & {CandidateStage.SUBMITTED, CandidateStage.SCREENED},
        "recognise_form": bound.get("recognise") or RecogniseForm(initial={"issued_on": day})
        if user.role == Role.BUREAU and over and not row.document_id
        else None,
        "office": user.role in {*OFFICES, Role.AUDITOR},
    }
    failed = refusal is not None or bool(bound)
    return render(request, "excellent/round.html", context, status=status_of(refusal) if failed else 200)


@require_POST
@allow(Role.OPERATOR, Role.CENTRE)
@keeps_typed()
def stand(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """申报 or 推荐."""
    row = _fetch(request, pk)
    form = StandForm(request.POST, stations=queries.may_stand(row, request.user))

    def call(data: dict[str, Any]) -> object:
        return candidate_services.stand(
            round_id=pk, station_id=data["station"].pk, statement=data["statement"], by=request.user, key=data["key"]
        )

    return posted(
        request,
        "stand",
        form,
        call,
        again=lambda bound, refusal: show(request, _fetch(request, pk), bound=bound, refusal=refusal),
        to=row,
        words="已提交，由区就业服务中心核对。",
    )


@require_POST
@allow(Role.CENTRE)
def publish(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """拟公示稿."""
    row = _fetch(request, pk)
    notice, refusal = attempt(lambda: services.prepare_notice(round_id=pk, by=request.user))
    if refusal:
        return show(request, row, refusal=refusal)
    messages.success(request, "公示稿已拟好，等待区人社局工作人员审核发布。")
    return redirect("notices:desk", pk=notice.pk)


@require_POST
@allow(Role.BUREAU)
def recognise(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记认定文件."""
    row, form = _fetch(request, pk), RecogniseForm(request.POST, request.FILES)
    return posted(
        request,
        "recognise",
        form,
        lambda data: services.recognise(round_id=pk, by=request.user, **data),
        again=lambda bound, refusal: show(request, _fetch(request, pk), bound=bound, refusal=refusal),
        to=row,
        words="认定文件已登记，称号自成文之日起有效。",
    )


@require_GET
@allow(*OFFICES, Role.AUDITOR)
def document(request: UserRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
    """The recognition document, as issued or as its draft, as PDF or DOCX."""
    row = _fetch(request, pk)
    if kind not in {"pdf", "docx"}:
        raise Http404
    paper = recognition(row, request.user)
    if kind == "docx":
        return as_file(official_document_docx(paper), DOCX, f"{row}认定文件.docx")
    return as_file(official_document_pdf(paper), "application/pdf", f"{row}认定文件.pdf")


def _fetch(request: UserRequest, pk: uuid.UUID) -> Round:
    rows = Round.objects.visible_to(request.user).select_related("notice", "document__signed_file")
    return get_object_or_404(rows, pk=pk)
