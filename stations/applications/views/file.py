"""The file: one address for all roles, tabs for its parts, a panel with what its reader may do now."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.middleware import held
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.core.clock import today
from jinhua_labor.review.states import State
from jinhua_labor.rulebook import policy_on
from stations.applications.enums import Channel, Side
from stations.applications.fields import BESIDE, PRINTED
from stations.applications.forms.annex1 import Sheet, label_of
from stations.applications.forms.layout import blocks, site_cells
from stations.applications.forms.steps import PaperForm, PledgeForm, WithdrawForm
from stations.applications.models import Application
from stations.applications.queries.decision import refusal_of
from stations.applications.queries.editable import Editable, editable, may_act
from stations.applications.queries.facts import policy_day, unconfirmed
from stations.applications.queries.prints import contact
from stations.applications.queries.progress import Progress, progress, promise_stands
from stations.applications.queries.slots import MaterialView, materials
from stations.applications.queries.standing import bar_of_unit
from stations.applications.queries.targets import area_text, place_text, site_label
from stations.applications.queries.timeline import next_step, steps, timeline
from stations.applications.services.draft import ENDED
from stations.applications.services.submission import readiness
from stations.roster.queries import summary

from .common import READERS, fetch

TABS = ("form", "materials", "roster", "history")


@require_GET
@allow(*READERS)
def file(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The page of one application, for everyone who may see it."""
    application = fetch(request, pk)
    typed = held(request)
    if typed is not None and Sheet.of(application, typed).changes(typed.get("before", "")):
        return show(request, application, tab="form", sheet=Sheet.of(application).again(typed), held=True)
    return show(request, application, tab=request.GET.get("tab", ""))


def show(
    request: HttpRequest, application: Application, *, tab: str = "", status: int = 200, **extra: Any
) -> HttpResponse:
    """The page with one tab open; `extra` are forms with what was typed, refusals, conflicts of a failed post."""
    page = Page(request, application, tab if tab in TABS else "form", extra)
    return render(request, "applications/file.html", page.context(), status=status)


@dataclass
class Page:
    """Gathers what the page shows; each tab only asks for its own."""

    request: Any
    application: Application
    tab: str
    extra: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        user = self.request.user
        self.allowed: Editable = editable(self.application, user)
        self.acts = may_act(self.application, user)
        state = self.application.review.state
        self.told: Progress | None = progress(self.application) if state == State.RETURNED else None
        self.day = today()
        self.materials: list[MaterialView] = materials(
            self.application, day=self.day, allowed=self.allowed, told=self.told, offer=self.allowed.everything
        )

    def context(self) -> dict[str, Any]:
        application, user = self.application, self.request.user
        applicant = user.role == Role.OPERATOR or (
            self.acts and application.review.state in (State.DRAFT, State.RETURNED)
        )
        context = {
            "application": application,
            "review": application.review,
            "state_label": application.review.label_for(user),
            "area": area_text(application),
            "allowed": self.allowed,
            "acts": self.acts,
            "applicant": applicant,
            "tab": self.tab,
            "tabs": self._tabs(),
            "steps": steps(application),
            "next": next_step(application, user, day=self.day),
            "told": self.told,
            "unconfirmed": unconfirmed(policy_day(application, self.day)),
            "conflicts": {},
            "refusal": None,
            **getattr(self, f"_{self.tab}")(),
            **(self._applicant_panel() if applicant else self._office_panel()),
        }
        return context | self.extra

    def _tabs(self) -> list[dict[str, Any]]:
        url = reverse("applications:file", args=[self.application.pk])
        wanted = [slot for view in self.materials for slot in view.slots if slot.required]
        tally = summary(self.application.roster_list)
        counts = {
            "materials": f"{sum(bool(slot.files) for slot in wanted)}/{len(wanted)}",
            "roster": f"{tally.possible}/{tally.raw}",
        }
        labels = {"form": "申请表", "materials": "材料", "roster": "名册", "history": "沿革"}
        return [
            {"url": f"{url}?tab={key}", "label": labels[key], "count": counts.get(key), "active": key == self.tab}
            for key in TABS
        ]

    # --- tabs -------------------------------------------------------------------------------------------------------
    def _form(self) -> dict[str, Any]:
        sheet: Sheet = self.extra.pop("sheet", None) or Sheet.of(self.application)
        conflicts = self.extra.get("conflicts") or {}
        sites = []
        for form in sheet.sites:
            cells = site_cells(form, self.allowed, self.told, conflicts)
            sites.append(
                {
                    "form": form,
                    "label": site_label(self.application, form.site),
                    "place": place_text(form.site),
                    "cells": cells,
                    "place_cells": [cells[name] for name in ("province", "city", "county") if name in cells],
                    "lease_cells": [cells[name] for name in ("tenure", "lease_from", "lease_to")],
                }
            )
        return {
            "sheet": sheet,
            "before": sheet.before(self.allowed),
            "printed": blocks(sheet, PRINTED, self.allowed, self.told, conflicts),
            "beside": blocks(sheet, BESIDE, self.allowed, self.told, conflicts),
            "sites": sites,
            "sides": [(side.value, side.label) for side in Side],
            "site_marks": self.told.of_field({"sites"}) if self.told else [],
            "effective_to": policy_on(self.day).policy.effective_to,
            "wrong": [
                (field.auto_id, label_of(form, field.name), error)
                for form in sheet.every
                if form.is_bound
                for field in form
                for error in field.errors
            ],
        }

    def _materials(self) -> dict[str, Any]:
        context: dict[str, Any] = {"materials": self.materials, "counter": self.application.channel == Channel.COUNTER}
        if context["counter"] and self.acts and self.request.user.role == Role.CENTRE and self.allowed.any:
            context["paper_form"] = self.extra.pop("paper_form", None) or paper_form(self.materials)
        return context

    def _roster(self) -> dict[str, Any]:
        from stations.roster.views.listing import roster_panel

        application = self.application
        moved = application.review.state in ENDED and not application.roster_list.rows
        return {"moved": moved, "panel": roster_panel(self.request, application.roster_list)}

    def _history(self) -> dict[str, Any]:
        events = timeline(self.application, self.request.user)
        return {
            "timeline": events,
            "notices": self.application.supplement_notices.prefetch_related("defects"),
            "submissions": [entry for entry in events if entry.event and entry.event.action == "SUBMIT"],
        }

    # --- panels -----------------------------------------------------------------------------------------------------
    def _applicant_panel(self) -> dict[str, Any]:
        application, review = self.application, self.application.review
        context: dict[str, Any] = {
            "contact": contact(),
            "bar": bar_of_unit(application.operator.credit_code, day=self.day),
            "withdraw_form": None,
            "may_withdraw": self.request.user.role == Role.OPERATOR and review.is_open,
            "is_operator": self.request.user.role == Role.OPERATOR,
            "refused": refusal_of(application),
        }
        if context["may_withdraw"]:
            context["withdraw_form"] = WithdrawForm(initial={"key": uuid.uuid4(), "version": review.version})
        if review.state in (State.DRAFT, State.RETURNED):
            context["check"], context["gate"] = readiness(application, day=self.day)
            if application.channel == Channel.COUNTER:
                context["promised"] = promise_stands(application)
                context["pledge_form"] = PledgeForm() if context["is_operator"] and not context["promised"] else None
        return context

    def _office_panel(self) -> dict[str, Any]:
        if self.request.user.role not in (Role.CENTRE, Role.BUREAU, Role.AUDITOR):
            return {}
        from . import office

        return dict(office.panel(self.request, self.application))


def paper_form(views: list[MaterialView], data: Any = None) -> PaperForm:
    """The counter's ticks for the seven."""
    wanted = {view.number: (f"{view.number}. {view.title}", view.copies) for view in views if view.number}
    received = {view.number: view.paper for view in views if view.number}
    return PaperForm(data, wanted=wanted, received=received)
