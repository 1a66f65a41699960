"""Every address of the portal, read from the resolver, and the object each one names in the world of the sweeps.

A page with an argument that is not in `OBJECTS` fails the sweep with its name: nobody can forget it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import EVERYONE
from jinhua_labor.core.clock import today
from tests.meta.world import Party, World, nobody

Kwargs = dict[str, Any]
Build = Callable[[Party, World], Kwargs]


@dataclass(frozen=True)
class Address:
    """One pattern: its full name, its view, what it takes."""

    name: str
    view: Callable[..., Any]
    arguments: tuple[str, ...]

    @property
    def roles(self) -> frozenset[str] | None:
        """Who may open it by `@allow`; None for a public page."""
        return self.view.allowed_roles if hasattr(self.view, "allowed_roles") else PACKAGE_PAGES.get(self.name)


def walk(patterns: list[Any], namespaces: tuple[str, ...] = (), arguments: tuple[str, ...] = ()) -> Iterator[Address]:
    for pattern in patterns:
        taken = (*arguments, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from walk(pattern.url_patterns, inner, taken)
        elif isinstance(pattern, URLPattern):
            yield Address(":".join((*namespaces, pattern.name or "")), pattern.callback, taken)


ALL: Final = frozenset(EVERYONE)
PACKAGE_PAGES: Final[dict[str, frozenset[str] | None]] = {
    # allauth's own views, guarded by LoginRequiredMiddleware; they show a person his own account only
    "account_login": None,
    "account_logout": None,
    "account_change_password": ALL,
    "account_reauthenticate": ALL,
    "mfa_index": ALL,
    "mfa_authenticate": None,
    "mfa_reauthenticate": ALL,
    "mfa_activate_totp": ALL,
    "mfa_deactivate_totp": ALL,
    "mfa_view_recovery_codes": ALL,
    "mfa_generate_recovery_codes": ALL,
    "usersessions_list": ALL,
}
"""Pages of a package, which carry no `@allow`: None needs no sign-in."""

ADDRESSES: Final = {address.name: address for address in walk(get_resolver().url_patterns)}


def file(state: str, **more: Callable[[Party, World], Any]) -> Build:
    """The application of the party that stands in this state, and what else the address names."""
    return lambda party, world: {
        "pk": getattr(party, state).pk,
        **{name: value(party, world) for name, value in more.items()},
    }


def thing(name: str) -> Build:
    return lambda party, _world: {"pk": getattr(party, name).pk}


def thing_of(name: str, **more: Callable[[Party, World], Any]) -> Build:
    """A thing of the party and what else the address names."""
    return lambda party, world: {
        "pk": getattr(party, name).pk,
        **{key: value(party, world) for key, value in more.items()},
    }


def common(name: str) -> Build:
    """A row of the offices or of everybody: the same for both parties."""
    return lambda _party, world: {"pk": getattr(world, name).pk}


def _defect(state: str) -> Callable[[Party, World], Any]:
    return lambda party, _world: getattr(party, state).defects.first().pk


def _site(state: str) -> Callable[[Party, World], Any]:
    return lambda party, _world: getattr(party, state).sites.first().pk


OBJECTS: Final[dict[str, Build]] = {
    "accounts:join": lambda _party, world: {"token": world.invitation_token},
    "accounts:reset": lambda _party, world: {"token": world.reset_token},
    "accounts:invite": lambda party, _world: {"pk": party.organisation.pk},
    "accounts:withdraw": thing("invitation"),
    "accounts:person": lambda party, _world: {"pk": party.colleague.pk},
    "accounts:change": lambda party, _world: {"pk": party.colleague.pk, "step": "unlock"},
    "accounts:registration": lambda party, _world: {"pk": party.organisation.pk},
    "attachments:download": thing("photo"),
    "attachments:preview": thing("photo"),
    "attachments:open": thing("paper"),
    "attachments:released": common("released"),
    "jobs:detail": thing("job"),
    "jobs:progress": thing("job"),
    "mailbox:message": thing("message"),
    "mailbox:read": thing("message"),
    **{f"rulebook:{name}": thing("version_draft") for name in ("head", "submit", "discard")},
    "rulebook:part": lambda party, _world: {"pk": party.version_draft.pk, "part": "bands"},
    **{f"rulebook:{name}": thing("version_submitted") for name in ("version", "confirm", "return")},
    "rulebook:withdraw": thing("version_ahead"),
    "dashboard:blank": lambda _party, _world: {"name": "annex2.xlsx"},
    "dashboard:station_score": thing("station"),
    "notices:detail": common("notice"),
    "notices:objection": common("notice"),
    "notices:desk": common("draft_notice"),
    "notices:amend": common("draft_notice"),
    "notices:release": common("draft_notice"),
    "notices:withdraw": common("notice"),
    "notices:answer": common("objection"),
    "applications:file": file("submitted"),
    "applications:save": file("returned"),
    "applications:autosave": file("returned"),
    "applications:site_add": file("returned"),
    "applications:site_remove": file("returned", site=_site("returned")),
    "applications:material_add": file("returned"),
    "applications:material_reuse": file("returned"),
    "applications:material_remove": file(
        "returned", material=lambda party, _world: party.returned.materials.filter(slot="M1").get().pk
    ),
    "applications:paper": file("returned"),
    "applications:explain": file("returned", defect=_defect("returned")),
    "applications:supplement_pdf": file("returned", round=lambda _party, _world: 1),
    "applications:mark": file("submitted"),
    "applications:reword": file("submitted", defect=_defect("submitted")),
    "applications:unmark": file("submitted", defect=_defect("submitted")),
    "applications:return": file("submitted"),
    "applications:review": file("submitted"),
    "applications:changes": file("submitted"),
    "applications:judge": file("submitted"),
    "applications:judge_confirm": file("submitted"),
    "applications:credit": file("submitted"),
    "applications:site_check": file("submitted", site=_site("submitted")),
    "applications:snapshot": file("screened", snapshot=lambda party, _world: party.snapshot.pk),
    "applications:screen": file("submitted"),
    "applications:approve": file("screened"),
    "applications:reject": file("screened"),
    "applications:send_back": file("screened"),
    "applications:refusal_pdf": file("rejected"),
    "applications:annex1_pdf": file("submitted"),
    "applications:annex2_pdf": file("submitted"),
    "applications:receipt": file("submitted", event=lambda party, _world: party.submitted.review.events.first().pk),
    "applications:pledge": file("returned"),
    "applications:submit": file("returned"),
    "applications:withdraw": file("submitted"),
    "applications:batch": common("batch"),
    "applications:batch_amend": common("batch"),
    "applications:batch_pdf": common("batch"),
    "applications:batch_docx": common("batch"),
    "applications:batch_remove": lambda party, world: {"pk": world.batch.pk, "application": party.approved.pk},
    "applications:batch_dissolve": common("batch"),
    "applications:batch_issue": common("batch"),
    "registry:station": thing("station"),
    "registry:plaque": thing("station"),
    "registry:entry": thing("station"),
    "registry:papers": thing("station"),
    "registry:paper_add": lambda party, _world: {"pk": party.station.pk, "kind": "LICENCE"},
    "registry:paper_check": thing("station_paper"),
    "ledger:station": thing("station"),
    **{
        f"ledger:{name}": lambda party, _world: {"pk": party.station.pk, "number": 1}
        for name in ("year", "seen", "print")
    },
    "ledger:entry_add": lambda party, _world: {"pk": party.station.pk, "number": 1, "item": "L1"},
    "ledger:entry_retire": thing("ledger_entry"),
    "ledger:demands": thing("station"),
    "ledger:demand_add": thing("station"),
    "ledger:demand_edit": thing("job_demand"),
    "ledger:demand_clear": thing("job_demand"),
    "ledger:demand_withdraw": thing("job_demand"),
    "registry:employer": thing("employer"),
    "registry:employer_amend": thing("employer"),
    "registry:key_year": lambda party, _world: {"pk": party.employer.pk, "year": 2023},
    **{
        f"oversight:{name}": thing("station")
        for name in (
            *("station_changes", "change_new", "change_found", "station_visits", "visit_plan", "visit_new"),
            *("station_activities", "activity_new"),
            *("station_revocations", "revocation_new", "revocation_apply"),
            *("station_renewals", "renewal_new"),
        )
    },
    **{f"oversight:{name}": thing("change") for name in ("change", "change_withdraw", "change_file", "change_return")},
    **{f"oversight:{name}": thing("moving") for name in ("change_check", "change_credit", "change_screen")},
    **{f"oversight:{name}": thing("screened_moving") for name in ("change_approve", "change_reject", "change_back")},
    **{
        f"oversight:{name}": thing("revocation")
        for name in ("revocation", "revocation_letter", "revocation_statement", "revocation_answer")
    },
    **{f"oversight:{name}": thing("revocation_draft") for name in ("revocation_put", "revocation_drop")},
    **{f"oversight:{name}": thing("revocation_own") for name in ("revocation_screen", "revocation_withdraw")},
    **{
        f"oversight:revocation_{name}": thing("revocation_screened")
        for name in ("pdf", "docx", "back", "decide", "dismiss")
    },
    **{f"oversight:revocation_{name}": thing("revocation_decided") for name in ("deliver", "plaque", "reverse")},
    "oversight:revocation_notify": thing("revocation_proposed"),
    **{f"oversight:{name}": thing("renewal") for name in ("renewal", "renewal_withdraw")},
    **{f"oversight:renewal_{name}": thing("renewal") for name in ("return", "screen", "pdf", "docx")},
    **{f"oversight:renewal_{name}": thing("renewal_screened") for name in ("back", "approve", "reject")},
    "oversight:renewal_amend": thing("renewal_returned"),
    "oversight:renewal_issue": thing("renewal_approved"),
    "assessments:station": thing("station"),
    **{f"assessments:{name}": thing("assessment") for name in ("assessment", "self_submit")},
    "assessments:self_add": thing_of("assessment", code=lambda _party, _world: "C3"),
    "assessments:self_remove": thing_of("assessment", evidence=lambda party, _world: party.self_evidence.pk),
    **{f"assessments:{name}": thing("scoring_sheet") for name in ("refresh", "presence", "submit")},
    "assessments:line": thing_of("scoring_sheet", code=lambda _party, _world: "B2"),
    "assessments:evidence_remove": thing_of("scoring_sheet", evidence=lambda party, _world: party.line_evidence.pk),
    **{f"assessments:{name}": thing("checking_sheet") for name in ("return", "check")},
    **{f"assessments:{name}": thing("feedback_sheet") for name in ("sheet", "screen", "agree", "annex3")},
    "assessments:answer": thing_of("feedback_sheet", code=lambda _party, _world: "D1"),
    "assessments:reply": thing_of("feedback_sheet", answer=lambda party, _world: party.line_answer.pk),
    **{f"assessments:{name}": thing("confirming_sheet") for name in ("confirm", "send_back")},
    **{f"assessments:{name}": thing("version_draft") for name in ("whatif", "whatif_export")},
    "assessments:bulletin": lambda _party, _world: {"year": today().year, "kind": "pdf"},
    **{f"assessments:{name}": thing("confirmed_year") for name in ("upheld", "correct")},
    **{f"excellent:{name}": thing("award_round") for name in ("round", "stand", "publish")},
    "excellent:recognise": thing("listed_round"),
    "excellent:document": thing_of("award_round", kind=lambda _party, _world: "pdf"),
    **{
        f"excellent:{name}": thing("award_candidate")
        for name in ("candidate", "candidate_screen", "candidate_withdraw")
    },
    "excellent:candidate_ledger": thing_of("award_candidate", year=lambda party, _world: party.award_year.pk),
    **{f"excellent:candidate_{name}": thing("award_screened") for name in ("back", "approve", "reject")},
    "excellent:candidate_strike": thing("award_approved"),
    "excellent:reverification": thing("reverified"),
    "excellent:reverification_ledger": thing_of("reverification", year=lambda party, _world: party.title_year.pk),
    "excellent:reverification_submit": thing("reverification"),
    "excellent:reverification_screen": thing("reverification_submitted"),
    **{
        f"excellent:reverification_{name}": thing("reverification_screened")
        for name in ("back", "keep", "rectify", "withdraw")
    },
    **{f"payees:{name}": lambda party, _world: {"pk": party.organisation.pk} for name in ("unit", "ask")},
    **{f"payees:{name}": thing("asked_change") for name in ("change", "check", "confirm", "refuse", "stop", "reveal")},
    **{f"grants:{name}": thing("grant") for name in ("grant", "account", "received")},
    **{f"grants:{name}": thing("grant_submitted") for name in ("return", "screen", "benefit", "cancel", "reveal")},
    **{f"grants:{name}": thing("grant_screened") for name in ("approve", "back", "reject", "decide")},
    "grants:benefit_decide": lambda party, _world: {"pk": party.benefit.grant.pk, "benefit": party.benefit.pk},
    "grants:step": thing("grant_reviewed"),
    "grants:recheck": thing("grant_bounced"),
    "grants:adjustment": thing("grant_round"),
    **{f"grants:{name}": thing("recovery") for name in ("recovery", "letter", "notify", "register_return", "drop")},
    "grants:name": thing("fraud_decision"),
    **{f"payments:{name}": thing("payment_batch") for name in ("batch", "issue", "cancel")},
    **{f"payments:{name}": thing("payment_issued") for name in ("approval", "sheet")},
    **{f"payments:{name}": thing("payment") for name in ("payment", "pay", "bounce", "take_out")},
    "payments:result": thing("result_sheet"),
    **{
        f"payments:{name}": lambda _party, _world: {"year": today().year}
        for name in ("budget_year", "budget_enter", "budget_export")
    },
    "oversight:change_accept": thing("incoming"),
    "oversight:change_amend": thing("returned_change"),
    "oversight:change_handover": thing("filed_change"),
    "oversight:visit": thing("visit"),
    "oversight:visit_photo": thing("visit"),
    "oversight:visit_record": thing("planned_visit"),
    "oversight:visit_cancel": thing("planned_visit"),
    "oversight:finding": thing("finding"),
    "oversight:finding_rectify": thing("finding"),
    "oversight:finding_recheck": thing("answered_finding"),
    **{
        f"oversight:{name}": thing("activity")
        for name in ("activity", "activity_amend", "activity_confirm", "activity_return", "activity_withdraw")
    },
    **{f"oversight:{name}": thing("station") for name in ("station_safety", "accident_new")},
    **{f"oversight:{name}": thing("complaint") for name in ("complaint", "complaint_explain", "complaint_verify")},
    **{f"oversight:{name}": thing("complaint") for name in ("complaint_transfer", "complaint_reveal")},
    "oversight:complaint_tell": thing("new_complaint"),
    "oversight:complaint_close": thing("verified_complaint"),
    "oversight:accident": thing("accident"),
    "oversight:accident_find": thing("accident"),
    **{f"oversight:{name}": thing("proposed_accident") for name in ("accident_approve", "accident_back")},
    "oversight:accident_major": thing("decided_accident"),
    **{f"oversight:{name}": thing("station") for name in ("station_assignments", "assignment_new")},
    **{f"oversight:{name}": thing("assignment") for name in ("assignment", "assignment_opinion", "assignment_end")},
    "oversight:activity_paper_remove": lambda party, _world: {
        "pk": party.activity.pk,
        "paper": party.activity_paper.pk,
    },
    **{
        f"roster:{name}": lambda party, _world: {"pk": party.submitted.roster_list.pk}
        for name in ("list", "export", "find", "insurance", "query", "tick", "recount")
    },
    **{
        f"roster:{name}": lambda party, _world: {"pk": party.returned.roster_list.pk}
        for name in ("head", "add", "upload")
    },
    **{
        f"roster:{name}": thing("import_batch")
        for name in (
            *("import", "import_annotated", "import_commit", "import_decide", "import_discard"),
            *("import_employer", "import_forms", "import_repeats", "import_sheet"),
        )
    },
    "roster:import_row": lambda party, _world: {"pk": party.import_batch.pk, "row_no": party.staged.row_no},
    "roster:row": thing("row"),
    "roster:adjudicate": thing("row"),
    "roster:reveal": thing("row"),
    "roster:retention": thing("station"),
    "roster:retention_list": thing("station"),
    "roster:retention_check": thing("answered"),
    "roster:station_insurance": thing("station"),
    "roster:station_query": thing("station"),
    "roster:extract": thing("station_extract"),
    "roster:recount_station": thing("station"),
    "roster:recounted": thing("recount"),
    "roster:edit": thing("returned_row"),
    "roster:delete": thing("returned_row"),
    **{f"roster:{name}": thing("station") for name in ("station", "station_add", "station_find", "station_upload")},
    **{
        f"roster:{name}": lambda party, _world: {"pk": party.station.pk, "number": 1}
        for name in ("year", "year_export")
    },
    "roster:frozen": lambda party, _world: {"pk": party.station.pk, "number": 2},
    **{
        f"roster:{name}": thing("year_row")
        for name in ("certificate_add", "contract_add", "correct", "leave", "remove")
    },
    "roster:certificate_check": thing("certificate"),
    "roster:certificate_void": thing("certificate"),
    "roster:contract_void": thing("contract"),
    "roster:claim": thing("claimed_row"),
    "surveys:station": thing("station"),
    "surveys:open": lambda party, _world: {"pk": party.station.pk, "number": 1},
    "surveys:survey": thing("survey"),
    **{f"surveys:{name}": thing("running_survey") for name in ("cards", "handout")},
    "answer:card": lambda party, _world: {"code": party.survey_code},
}

OFFICES: Final = frozenset({Role.CENTRE, Role.BUREAU})
FILE_READERS: Final = frozenset({Role.OPERATOR, *OFFICES, Role.AUDITOR})
SEES: Final[dict[str, frozenset[str]]] = {
    "accounts:person": frozenset({Role.OPERATOR, Role.ADMIN}),
    "accounts:change": frozenset({Role.OPERATOR, Role.ADMIN}),
    "accounts:invite": frozenset({Role.OPERATOR, Role.ADMIN}),
    "accounts:withdraw": frozenset({Role.OPERATOR, Role.ADMIN}),
    "accounts:people": frozenset({Role.OPERATOR, Role.ADMIN}),
    "attachments:download": FILE_READERS,
    "attachments:preview": FILE_READERS,
    "attachments:open": FILE_READERS,
    "jobs:detail": frozenset({Role.OPERATOR, Role.AUDITOR}),
    "jobs:progress": frozenset({Role.OPERATOR, Role.AUDITOR}),
    "mailbox:message": frozenset({Role.OPERATOR}),
    "mailbox:read": frozenset({Role.OPERATOR}),
    **{name: frozenset({Role.OPERATOR}) for name in OBJECTS if name.startswith("roster:import")},
}
"""Pages that a role may open in general, but not this object of the operator's: it finds nothing."""

POST_BY: Final[dict[str, frozenset[str]]] = {
    "assessments:results": frozenset({Role.CENTRE}),
    **{f"assessments:{name}": frozenset({Role.BUREAU}) for name in ("confirm", "send_back")},
    "excellent:rounds": frozenset({Role.BUREAU}),
    "payments:results": frozenset({Role.FINANCE}),
    "roster:insurance": frozenset({Role.CENTRE}),
    "roster:claim": frozenset({Role.CENTRE}),
    "roster:retention": frozenset({Role.OPERATOR}),
    "roster:retention_check": frozenset({Role.CENTRE}),
    "roster:station_insurance": frozenset({Role.CENTRE}),
    "roster:district_insurance": frozenset({Role.CENTRE}),
    "roster:recounts": frozenset({Role.CENTRE}),
}
"""Pages that more roles read than may act on."""

FORBIDDEN_INSTEAD: Final = frozenset(
    {"accounts:person", "accounts:change", "accounts:invite", "accounts:withdraw", "accounts:people"}
)
"""Kept by administrators only: who is none gets 403, whatever he asks for."""

AT_THE_COUNTER: Final = frozenset(
    {
        *("applications:save", "applications:autosave", "applications:site_add", "applications:site_remove"),
        *("applications:material_add", "applications:material_reuse", "applications:material_remove"),
        *("applications:paper", "applications:explain", "applications:submit"),
        *("roster:head", "roster:add", "roster:upload", "roster:edit", "roster:delete"),
    }
)
"""The applicant's side of a file: the centre acts there for what its own clerk entered, and nowhere else."""

NOT_OF_A_PARTY: Final = frozenset(
    name
    for name in OBJECTS
    if name.startswith(("notices:", "applications:batch", "answer:", "rulebook:", "payments:budget"))
    or name
    in {
        *("assessments:bulletin", "assessments:whatif", "assessments:whatif_export"),
        *(f"excellent:{name}" for name in ("round", "stand", "publish", "recognise", "document")),
        "attachments:released",
        "registry:entry",
        "dashboard:blank",
        "accounts:join",
        "accounts:reset",
    }
)
"""Objects no operator owns: there is no stranger's one."""


def url(name: str, party: Party, world: World) -> str:
    build = OBJECTS.get(name)
    return reverse(name, kwargs=build(party, world) if build else {})


def url_of_nothing(name: str, party: Party, world: World) -> str | None:
    """The same address with the last identity replaced by one that does not exist; None where it names none."""
    build = OBJECTS.get(name)
    kwargs = build(party, world) if build else {}
    if "pk" not in kwargs:
        return None
    return reverse(name, kwargs={**kwargs, "pk": nobody()})
