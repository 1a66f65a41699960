"""Opening a draft and filling in 附件1: one field at a time, each against the value it had when it was shown."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from jinhua_labor.accounts.enums import OrganisationState, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.review import services as review_services
from jinhua_labor.review.states import Kind, State
from jinhua_labor.rulebook import policy_on
from stations.applications.enums import Channel, Side
from stations.applications.fields import FIELDS, ORDERED, SITE_FIELD, SITE_TARGET, site_target
from stations.applications.models import Application, Site
from stations.applications.queries.editable import editable, may_act
from stations.registry.models import OperatorProfile
from stations.roster.models import Delivery, RosterList
from stations.roster.services.bulk import patient
from stations.roster.services.lists import create_list, held
from stations.roster.services.recount import recount_list

from . import answers

SITES_MAX = 10
ENDED = (State.WITHDRAWN, State.REJECTED, State.LAPSED)
"""States in which a file ended without a station; what it said and whom it named is offered to the next one."""
HOME = {"province": "33", "city": "金华市", "county": "金东区"}
"""Where every 金东区 site lies; only its address is asked."""

SEEN = frozenset({"province", "city", "county", "address"})
"""What a 核查 of a 工作地点 saw beside its photographs (R-10)."""

_PROFILE = ("legal_rep", "head", "head_phone", "licence_no", "licence_issuer", "licence_from", "licence_to")
_STANDING = ("head", "head_phone", "liaison_name", "liaison_phone")
_AGAIN = tuple(name for name in FIELDS if name != "term_to")


@dataclass(frozen=True, slots=True)
class Change:
    """A new value for a field and the one the page showed; both cleaned, as the model holds them."""

    previous: Any
    value: Any


@dataclass(slots=True)
class Saved:
    """What became of the changes: names saved, fields changed by others meanwhile (with their value now), refusals."""

    names: list[str] = field(default_factory=list)
    conflicts: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def locked(application_id: uuid.UUID) -> Application:
    """The file with its review locked until the transaction ends: the first thing every service does."""
    review_id = Application.objects.values_list("review_id", flat=True).get(pk=application_id)
    review = review_services.lock(review_id)
    application = Application.objects.select_related("operator").get(pk=application_id)
    application.review = review
    return application


def draft_of(operator: Organisation) -> Application | None:
    """The operator's draft, if it has one; there is never a second (R-14)."""
    return Application.objects.filter(operator=operator, review__state=State.DRAFT).select_related("review").first()


def start(*, operator: Organisation, by: User, channel: Channel = Channel.ONLINE) -> tuple[Application, bool]:
    """The operator's draft and whether it is new: an existing one is opened, never a second begun (R-14).

    Data given once is offered again: the standing data of the unit, and what the last application said. A barred
    operator may draft (the bar is told, and holds at SUBMIT, R-35).

    Raises PermissionDenied for somebody else's unit, Refused while the unit is not confirmed, where intake is closed
    (R-48 BLOCK), and at the counter when the unit itself has an online draft.
    """
    if by.role == Role.OPERATOR:
        if by.organisation_id != operator.pk:
            raise PermissionDenied
    elif by.role != Role.CENTRE or channel != Channel.COUNTER:
        raise PermissionDenied
    if operator.state != OrganisationState.ACTIVE:
        raise Refused("单位注册尚未确认，确认后即可申请。")
    if found := draft_of(operator):
        return _existing(found, by), False
    if policy_on(today()).refuses_intake:
        raise Refused(policy_on(today()).notice)
    try:
        return _open(operator=operator, by=by, channel=channel), True
    except Refused:
        if found := draft_of(operator):  # another tab was quicker
            return _existing(found, by), False
        raise


def _existing(application: Application, by: User) -> Application:
    if not may_act(application, by):
        raise Refused("该单位已有一件正在填写的申请草稿，请由填写人继续办理，或由单位放弃该草稿后再录入。")
    return application


@transaction.atomic
def _open(*, operator: Organisation, by: User, channel: Channel) -> Application:
    application = Application(operator=operator, channel=channel)
    application.review = review_services.open_review(
        kind=Kind.APPLICATION,
        object_id=application.pk,
        title=f"{operator.name}设立申请",
        organisation=operator,
        url_name="applications:file",
        open_key=f"{Kind.APPLICATION}:{operator.pk}:draft",
        by=by,
    )
    application.roster_list = create_list(operator=operator, by=by)
    last = Application.objects.filter(operator=operator).order_by("-created_at").first()
    _offer_again(application, last)
    application.save()
    _copy_sites(application, last)
    moved = _carry_rows(application)
    record(by=by, action="application.start", obj=application, detail={"channel": channel, "rows": moved})
    return application


def _offer_again(application: Application, last: Application | None) -> None:
    """Fills the new draft with what the unit has said before; a file that ended without a station gives all of it."""
    profile = OperatorProfile.objects.filter(pk=application.operator_id).first()
    organisation = application.operator
    application.licence_no = organisation.licence_no
    if last is not None:
        ended = last.review.state in ENDED
        for name in _AGAIN if ended else (*_STANDING, *_PROFILE):
            setattr(application, name, getattr(last, name))
    if profile is not None:
        for name in _PROFILE:
            if getattr(profile, name):
                setattr(application, name, getattr(profile, name))


def _copy_sites(application: Application, last: Application | None) -> None:
    ended = last is not None and last.review.state in ENDED
    before = list(last.sites.all()) if last is not None else []
    for site in before:
        if site.side == Side.DISTRICT or ended:
            values = {name: getattr(site, name) for name in SITE_FIELD}
            Site.objects.create(application=application, side=site.side, **values)
    there = {site.side for site in application.sites.all()}
    for side in Side:
        if side not in there:
            Site.objects.create(application=application, side=side, **(HOME if side == Side.DISTRICT else {}))


def _carry_rows(application: Application) -> int:
    """The people of files that ended without a station come along; a delivery exists once, so its row moves.

    What a decision rested on stays frozen in its snapshot, what was handed in with its step. The number of rows.
    """
    ended = RosterList.objects.filter(
        operator=application.operator_id, application__review__state__in=ENDED, application__station__isnull=True
    )
    rows = Delivery.objects.filter(roster_list__in=ended, station__isnull=True)
    lists = list(RosterList.objects.filter(pk__in=rows.values("roster_list")).order_by("pk"))
    if not lists:
        return 0
    patient()
    for old in lists:
        held(old)
    moved = rows.update(roster_list=application.roster_list)
    for changed in (*lists, application.roster_list):
        recount_list(roster_list=changed)
    return moved


@transaction.atomic
def save_fields(*, application_id: uuid.UUID, changes: Mapping[str, Change], by: User) -> Saved:
    """Saves single fields of the form, each against its own previous value; only a conflict on the same field asks.

    Names are those of `fields.py` and `site:<uuid>:<field>`. A field that already holds the new value is saved; one
    that somebody else changed since is left alone and returned in `conflicts` with its value now; dates upside down
    come back in `refused`. Raises Conflict when the file may not be changed any more, PermissionDenied for a field that
    is not unlocked.
    """
    application = locked(application_id)
    allowed = editable(application, by)
    if not allowed.form:
        raise Conflict(not_editable(application))
    sites = {str(site.pk): site for site in application.sites.select_for_update()}
    saved, touched = Saved(), {}  # (row) → names
    for name, change in changes.items():
        row, attribute = _place(application, sites, name)
        if row is None:
            raise Conflict("该工作地点已被移除，请刷新页面。")
        current = getattr(row, attribute)
        if current == change.value:
            saved.names.append(name)
        elif not allowed.field(name):
            raise PermissionDenied
        elif current != change.previous:
            saved.conflicts[name] = current
        else:
            setattr(row, attribute, change.value)
            if problem := _upside_down(row, attribute):
                setattr(row, attribute, current)
                saved.refused[name] = problem
                continue
            touched.setdefault(row, []).append(attribute)
            saved.names.append(name)
    for row, names in touched.items():
        row.save(update_fields=names)
        if isinstance(row, Site) and SEEN.intersection(names):
            void_check(row)
    if touched:
        void_pledge(application, by=by)
    if touched and application.review.state == State.RETURNED:
        answers.refresh(application)
        record(by=by, action="application.correct", obj=application, detail={"fields": sorted(saved.names)})
    return saved


def _place(application: Application, sites: Mapping[str, Site], name: str) -> tuple[Application | Site | None, str]:
    if name in FIELDS:
        return application, name
    match = SITE_TARGET.fullmatch(name)
    if match is None or match["field"] not in SITE_FIELD:
        raise PermissionDenied
    site = sites.get(match["site"])
    if site is not None and site.side == Side.DISTRICT and match["field"] in HOME:
        raise PermissionDenied  # a 金东区 site lies in 金东区
    return site, match["field"]


def _upside_down(row: Application | Site, changed: str) -> str:
    for first, last, message in ORDERED:
        if changed in (first, last) and hasattr(row, first):
            start_, end = getattr(row, first), getattr(row, last)
            if start_ and end and end < start_:
                return message
    return ""


@transaction.atomic
def add_site(*, application_id: uuid.UUID, side: Side, by: User) -> Site:
    """One more 工作地点 on this side. Raises Conflict when the file may not be changed, Refused beyond ten."""
    application = locked(application_id)
    if not editable(application, by).sites:
        raise Conflict(not_editable(application))
    if application.sites.count() >= SITES_MAX:
        raise Refused(f"工作地点最多填写{SITES_MAX}处。")
    start_at = HOME if side == Side.DISTRICT else {"province": application.area_province}
    site = Site.objects.create(application=application, side=side, **start_at)
    void_pledge(application, by=by)
    answers.refresh(application)
    return site


@transaction.atomic
def remove_site(*, application_id: uuid.UUID, site_id: uuid.UUID, by: User) -> None:
    """Takes a 工作地点 off the form, with the papers nobody has handed in yet; harmless when it is gone already.

    Raises Refused for one whose papers were handed in: it is corrected, not removed (R-71).
    """
    from .materials import forget  # materials knows this module

    application = locked(application_id)
    if not editable(application, by).sites:
        raise Conflict(not_editable(application))
    site = application.sites.select_for_update().filter(pk=site_id).first()
    if site is None:
        return
    handed_in = application.review.submitted_at
    if handed_in and site.materials.filter(added_at__lte=handed_in).exists():
        raise Refused("该工作地点已随申请提交，请直接修改内容，不能移除。")
    for material in site.materials.select_related("attachment"):
        forget(material, by=by)
    site.delete()
    void_pledge(application, by=by)
    answers.refresh(application)


def void_check(site: Site | None) -> None:
    """A 核查 speaks of the place and the photographs that were seen: another address or picture is looked at anew."""
    if site is not None and site.checked_at is not None:
        site.checked_by = site.checked_at = None
        site.check_note = ""
        site.save(update_fields=["checked_by", "checked_at", "check_note"])


def void_pledge(application: Application, *, by: User) -> None:
    """A promise the unit gave before covers what it saw: a clerk's later change at the counter needs it again."""
    if application.pledged_at and by.role != Role.OPERATOR:
        application.pledged_at = application.pledged_by = None
        application.pledged_by_name = ""
        application.save(update_fields=["pledged_at", "pledged_by", "pledged_by_name"])


def not_editable(application: Application) -> str:
    """Why nothing can be changed, and what to do instead."""
    state = application.review.state
    if state == State.RETURNED:
        return "只能修改补正通知书列出的内容。"
    if state == State.DRAFT:
        return "这份草稿由他人填写，您不能修改。"
    return f"申请{application.review.get_state_display()}，内容已锁定，不能修改。您看到的可能是旧页面，请刷新。"


def target_of_site(site: Site, name: str) -> str:
    """The name of a site's field in `save_fields`."""
    return site_target(site.pk, name)
