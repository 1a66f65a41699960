"""The page behind a card's QR code: three questions, on a phone, from somebody who stays unknown."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from assessments.surveys import queries, services
from assessments.surveys.forms import AnswerForm, EnterForm
from assessments.surveys.services import Unanswerable
from jinhua_labor.accounts.permissions import public
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from stations.oversight.rules.codes import LENGTH, plain

TOO_MANY = 429
SLOW = "现在填写的人太多了，请过几分钟再试。"

View = Callable[..., HttpResponse]


def quiet(view: View) -> View:
    """What the address holds goes nowhere: not to the next page, to no cache, to no search engine.

    `strict-origin` and not `no-referrer`: under that one browsers send `Origin: null` with a form, which Django's check
    against forged posts refuses.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "no-store, private"
        return response

    return wrapped


@public
@never_cache
@quiet
@require_http_methods(["GET", "POST"])
def card(request: HttpRequest, code: str) -> HttpResponse:
    """The questions of a card, and its answer. A used, expired and mistyped link get one and the same page."""
    survey = queries.by_code(code, day=today())
    if survey is None:
        return render(request, "surveys/closed.html", status=404)
    form = AnswerForm(request.POST or None, kind=survey.kind, auto_id="q_%s")
    context = {"survey": survey, "form": form, "code": code, "refusal": None}
    if request.method == "GET":
        return render(request, "surveys/answer.html", context)
    if not form.is_valid():
        return render(request, "surveys/answer.html", context, status=422)
    # Counted by survey, not by address: who answers is in no cache either, and a card is not to be guessed anyway.
    if not ratelimit.consume(request, action="survey", key=str(survey.pk)):
        return render(request, "surveys/answer.html", {**context, "refusal": Refused(SLOW)}, status=TOO_MANY)
    try:
        services.answer(code=code, given=form.given())
    except Unanswerable:
        return render(request, "surveys/closed.html", status=404)
    return redirect("answer:thanks")


@public
@never_cache
@quiet
@require_GET
def thanks(request: HttpRequest) -> HttpResponse:
    """The same page for everybody, under an address without a code."""
    return render(request, "surveys/thanks.html")


@public
@never_cache
@quiet
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """For whoever cannot scan: the code of the card, typed."""
    form = EnterForm(request.POST or None)
    if request.method == "GET":
        return render(request, "surveys/enter.html", {"form": form, "refusal": None})
    if not ratelimit.consume(request, action="survey_enter"):
        return render(request, "surveys/enter.html", {"form": form, "refusal": Refused(SLOW)}, status=TOO_MANY)
    if not form.is_valid():
        return render(request, "surveys/enter.html", {"form": form, "refusal": None}, status=422)
    typed = plain(form.cleaned_data["code"])
    if len(typed) != LENGTH:
        form.add_error("code", f"卡上的代码是 {LENGTH} 位字母和数字，请核对。")
        return render(request, "surveys/enter.html", {"form": form, "refusal": None}, status=422)
    return redirect("answer:card", code=typed)
