"""初审: the office's panel of a file, judgements, and forwarding it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.forms import PortalForm
from jinhua_labor.review.models import Review
from jinhua_labor.review.queries import buttons, next_waiting
from jinhua_labor.review.states import Action, Recommendation, State
from jinhua_labor.rulebook import policy_on
from stations.applications.enums import Condition, CreditCheck, Verdict
from stations.applications.forms.office import (
    AGREED,
    APPROVED,
    ApproveForm,
    CreditForm,
    JudgeForm,
    RejectForm,
    ReturnForm,
    ScreenForm,
    SeenForm,
    SendBackForm,
    SiteCheckForm,
)
from stations.applications.models import Application, Defect
from stations.applications.queries.conditions import ConditionView, Part, conditions, obstacles
from stations.applications.queries.progress import Progress, progress
from stations.applications.queries.targets import place_text, site_label
from stations.applications.services import screening
from stations.applications.services.defects import repeated

from .common import fetch, moved_on
from .file import show

Bound = dict[str, PortalForm]


@dataclass
class Office:
    """What one person of the offices sees and may do beside a file; forms of a failed post stand in `bound`."""

    request: UserRequest
    application: Application
    back: str = ""
    bound: Bound = field(default_factory=dict)

    @property
    def review(self) -> Review:
        return self.application.review

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        return buttons(self.review, self.request.user)

    @property
    def may_screen(self) -> bool:
        return Action.SCREEN in self.actions

    @property
    def may_decide(self) -> bool:
        return Action.REJECT in self.actions

    @property
    def may_approve(self) -> bool:
        return self.may_decide and self.review.recommendation == Recommendation.AGREE

    @property
    def hat(self) -> str:
        """Why this person may not act although his office may; empty otherwise."""
        role, state = self.request.user.role, self.review.state
        if role == Role.CENTRE and state == State.SUBMITTED and self.review.entered_by(self.request.user):
            return "这件是您录入提交的，初审须由同事办理。"
        if role == Role.BUREAU and state == State.SCREENED and not self.may_decide:
            return "这件您已在前一环节办理过，审核须由他人办理。"
        return ""

    @cached_property
    def conditions(self) -> list[ConditionView]:
        return conditions(self.application, day=today())

    @cached_property
    def obstacles(self) -> tuple[tuple[str, str], ...]:
        return obstacles(self.application, views=self.conditions)

    @property
    def stale(self) -> int:
        """Judgements that were made before the file was handed in again."""
        return sum(part.stale for view in self.conditions for part in view.parts)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The conditions with the forms of their parts."""
        return [
            {
                "view": view,
                "parts": [{"part": part, "form": self._judge(part)} for part in view.parts],
                "credit": self._credit() if view.condition == Condition.C1 and self.may_screen else None,
                "sites": self._sites() if view.condition == Condition.C2 and self.may_screen else (),
                "open": self._wanted(view),
            }
            for view in self.conditions
        ]

    def _wanted(self, view: ConditionView) -> bool:
        return self.back == "review" or any(name.split("-")[1:2] == [view.condition] for name in self.bound)

    def _judge(self, part: Part) -> JudgeForm | PortalForm:
        row = part.judgement
        initial: dict[str, object] = {"condition": part.condition, "part": part.part, "version": self.review.version}
        if row is not None:
            initial |= {"verdict": row.verdict, "reason": row.reason}
        return self.bound.get(f"judge-{part.key}") or JudgeForm(initial=initial, auto_id=f"id_{part.key}_%s")

    def _credit(self) -> PortalForm:
        initial = {
            "credit_check": self.application.credit_check,
            "credit_note": self.application.credit_note,
            "version": self.review.version,
        }
        return self.bound.get("credit-C1") or CreditForm(initial=initial)

    def _sites(self) -> list[dict[str, Any]]:
        return [
            {
                "site": site,
                "label": site_label(self.application, site),
                "place": place_text(site),
                "form": self.bound.get(f"site-C2-{site.pk}")
                or SiteCheckForm(
                    initial={"note": site.check_note, "version": self.review.version}, auto_id=f"id_site_{site.pk}_%s"
                ),
            }
            for site in self.application.sites.all()
        ]

    @cached_property
    def tray(self) -> list[Defect]:
        """Marks nobody has told the applicant yet; for the centre only."""
        if self.request.user.role != Role.CENTRE:
            return []
        return list(self.application.defects.filter(notice__isnull=True).select_related("marked_by"))

    @cached_property
    def repeated(self) -> list[Defect]:
        return repeated(self.application) if self.may_screen and self.tray else []

    @cached_property
    def notices(self) -> list[Any]:
        return list(self.application.supplement_notices.prefetch_related("defects").select_related("issued_by"))

    @property
    def has_changes(self) -> bool:
        return bool(self.notices) and self.review.state != State.RETURNED

    @cached_property
    def told(self) -> Progress | None:
        return progress(self.application) if self.review.state == State.RETURNED else None

    @cached_property
    def snapshots(self) -> list[Any]:
        return list(self.application.snapshots.defer("rows"))

    # --- forms of the steps -----------------------------------------------------------------------------------------
    def _start(self, **initial: object) -> dict[str, Any]:
        return {"key": uuid.uuid4(), "version": self.review.version, **initial}

    @cached_property
    def agree_form(self) -> PortalForm:
        return self.bound.get("agree") or ScreenForm(initial=self._start(opinion=AGREED), auto_id="id_agree_%s")

    @cached_property
    def disagree_form(self) -> PortalForm:
        return self.bound.get("disagree") or ScreenForm(initial=self._start(), auto_id="id_disagree_%s")

    @cached_property
    def return_form(self) -> PortalForm:
        return self.bound.get("return") or ReturnForm(initial=self._start(), auto_id="id_return_%s")

    @cached_property
    def approve_form(self) -> PortalForm:
        return self.bound.get("approve") or ApproveForm(initial=self._start(opinion=APPROVED), auto_id="id_approve_%s")

    @cached_property
    def reject_form(self) -> PortalForm:
        remedy = policy_on(today()).policy.settings.remedy_text
        return self.bound.get("reject") or RejectForm(initial=self._start(remedy=remedy), auto_id="id_reject_%s")

    @cached_property
    def back_form(self) -> PortalForm:
        form = self.bound.get("back") or SendBackForm(initial=self._start(), auto_id="id_back_%s")
        if self.application.credit_check != CreditCheck.FOUND:
            form.fields.pop("credit_waiver", None)
        return form

    @property
    def at(self) -> str:
        """The query of the page, so that a post returns to the same list and paper."""
        return str(self.request.POST.get("at", "")) or self.request.GET.urlencode()


def panel(request: UserRequest, application: Application) -> dict[str, Any]:
    """What `applications/_panel_office.html` needs on the page of the file."""
    return {"office": Office(request, application)}


# --- answering a post -------------------------------------------------------------------------------------------------
def again(
    request: UserRequest, application: Application, bound: Bound | None = None, refusal: Refused | None = None
) -> HttpResponse:
    """The page the post came from, with what was typed and what is wrong (422)."""
    if request.POST.get("back") == "review":
        from .review import review_page  # the page of the review knows this module

        return review_page(request, application, status=422, bound=bound, refusal=refusal)
    office = Office(request, application, bound=bound or {})
    return show(request, application, status=422, office=office, refusal=refusal)


def attempt(
    request: UserRequest, application: Application, bound: Bound, call: Callable[[], object]
) -> HttpResponse | None:
    """Runs the service; the page to answer with when it refuses, else None."""
    try:
        call()
    except Conflict as conflict:
        return moved_on(request, application, conflict)
    except Refused as refusal:
        return again(request, application, bound, refusal)
    return None


def back_to(request: UserRequest, application: Application, anchor: str) -> HttpResponse:
    """The page the post came from."""
    if request.POST.get("back") != "review":
        return redirect(f"{application.get_absolute_url()}#{anchor}")
    query = QueryDict(request.POST.get("at", "")).urlencode()
    url = reverse("applications:review", args=[application.pk])
    return redirect(f"{url}?{query}#{anchor}" if query else f"{url}#{anchor}")


def onward(request: UserRequest, review: Review, words: str) -> HttpResponse:
    """After a step a reviewer lands on the next file that waits for him, else on the empty inbox."""
    following = next_waiting(request.user, after=review)
    messages.success(
        request, f"{review.number} {words}。" + ("以下是下一件待办。" if following else "待办已全部办完。")
    )
    return redirect(following or "review:inbox")


# --- judging ----------------------------------------------------------------------------------------------------------
@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def judge(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """符合 or 不符合 of one condition."""
    application = fetch(request, pk)
    condition, part = request.POST.get("condition", ""), request.POST.get("part", "")
    key = f"{condition}-{part}" if part else condition
    form = JudgeForm(request.POST, auto_id=f"id_{key}_%s")
    bound: Bound = {f"judge-{key}": form}
    if not form.is_valid():
        return again(request, application, bound)
    data = form.cleaned_data
    failed = attempt(
        request,
        application,
        bound,
        lambda: screening.judge(
            application_id=pk,
            condition=Condition(data["condition"]),
            part=data["part"],
            verdict=Verdict(data["verdict"]),
            reason=data["reason"],
            by=request.user,
            version=data["version"],
        ),
    )
    return failed or back_to(request, application, f"cond-{condition}")


@require_POST
@allow(Role.CENTRE)
def confirm(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """沿用补正前的判断."""
    application = fetch(request, pk)
    form = SeenForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else None
    failed = attempt(
        request,
        application,
        {},
        lambda: screening.confirm_judgements(application_id=pk, by=request.user, version=version),
    )
    return failed or back_to(request, application, "conditions")


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def credit(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记信用核查."""
    application = fetch(request, pk)
    form = CreditForm(request.POST)
    bound: Bound = {"credit-C1": form}
    if not form.is_valid():
        return again(request, application, bound)
    data = form.cleaned_data
    failed = attempt(
        request,
        application,
        bound,
        lambda: screening.record_credit(
            application_id=pk,
            result=CreditCheck(data["credit_check"]),
            note=data["credit_note"],
            by=request.user,
            version=data["version"],
        ),
    )
    return failed or back_to(request, application, "cond-C1")


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def check_site(request: UserRequest, pk: uuid.UUID, site: uuid.UUID) -> HttpResponse:
    """登记场所核查."""
    application = fetch(request, pk)
    form = SiteCheckForm(request.POST, auto_id=f"id_site_{site}_%s")
    bound: Bound = {f"site-C2-{site}": form}
    if not form.is_valid():
        return again(request, application, bound)
    data = form.cleaned_data
    failed = attempt(
        request,
        application,
        bound,
        lambda: screening.check_site(
            application_id=pk, site_id=site, note=data["note"], by=request.user, version=data["version"]
        ),
    )
    return failed or back_to(request, application, "cond-C2")


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def screen(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """初审: 同意 or 不同意, forwarded to the bureau."""
    application = fetch(request, pk)
    said = request.POST.get("recommendation", "")
    recommendation = Recommendation(said) if said in Recommendation.values else None
    name = "disagree" if recommendation == Recommendation.DISAGREE else "agree"
    form = ScreenForm(request.POST, auto_id=f"id_{name}_%s")
    bound: Bound = {name: form}
    if not form.is_valid():
        return again(request, application, bound)
    data = form.cleaned_data
    failed = attempt(
        request,
        application,
        bound,
        lambda: screening.screen(
            application_id=pk,
            recommendation=recommendation,
            opinion=data["opinion"],
            by=request.user,
            version=data["version"],
            key=data["key"],
        ),
    )
    label = recommendation.label if recommendation else ""
    return failed or onward(request, application.review, f"已初审（{label}），转区人社局审核")
