"""What is still missing before a file may be handed in: every gap with the link to where it is closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from jinhua_labor.core.dates import date_cn
from jinhua_labor.review.states import State
from jinhua_labor.rulebook import policy_on
from stations.applications.enums import Channel, Slot
from stations.applications.fields import FIELDS, PROFILE_MIN, SITE_FIELDS, full_label
from stations.applications.models import Application
from stations.applications.rules import (
    FiftyGate,
    Level,
    Problem,
    area_problems,
    fifty_problems,
    general_problems,
    management_problems,
    material_problems,
    site_problems,
    term_problems,
)

from .facts import (
    Papers,
    area_of,
    management_facts,
    occupied_areas,
    operator_facts,
    site_facts,
)
from .targets import site_label

FORM, MATERIALS, ROSTER, SUBMIT = "form", "materials", "roster", "submit"
RULES_CLAUSE = "第三条（三）"
TAB_LABELS = {FORM: "申请表", MATERIALS: "材料", ROSTER: "名册", SUBMIT: "提交"}


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing to do before SUBMIT (`blocking`), or one to look at; `url` leads to the very place."""

    tab: str
    text: str
    url: str
    clause: str = ""
    blocking: bool = True


@dataclass(frozen=True, slots=True)
class Check:
    """All gaps of a file, in the order of its pages."""

    gaps: tuple[Gap, ...]

    @property
    def missing(self) -> tuple[Gap, ...]:
        return tuple(gap for gap in self.gaps if gap.blocking)

    @property
    def warnings(self) -> tuple[Gap, ...]:
        return tuple(gap for gap in self.gaps if not gap.blocking)

    @property
    def complete(self) -> bool:
        return not self.missing

    def count(self, tab: str) -> int:
        return sum(gap.tab == tab for gap in self.missing)

    def by_tab(self) -> list[tuple[str, list[Gap]]]:
        """The missing ones under the page each is closed on."""
        groups = ((tab, [gap for gap in self.missing if gap.tab == tab]) for tab in TAB_LABELS)
        return [(TAB_LABELS[tab], gaps) for tab, gaps in groups if gaps]


def check(application: Application, *, day: dt.date, gate: FiftyGate, rows: int) -> Check:
    """Everything that keeps this file from SUBMIT on this day (R-09 … R-15, R-35, R-48); `gate` and `rows` are the
    roster's. The pledge is not among them: it is given with the submission itself."""
    found = policy_on(day)
    limits = found.policy.settings
    papers = Papers(application)
    sites = list(application.sites.all())
    gaps: list[Gap] = []
    if found.refuses_intake:
        gaps.append(Gap(SUBMIT, found.notice, "", "第十五条"))
    gaps += _late_gaps(application, day)
    gaps += _form_gaps(application)
    problems: list[Problem] = [
        *general_problems(operator_facts(application, day=day), on=day),
        *term_problems(application.term_to, submitted_on=day, policy=found.policy),
        *area_problems(area_of(application), occupied=occupied_areas(application), policy=found.policy),
        *site_problems(
            site_facts(application, papers, day=day),
            area=area_of(application),
            liaisons=1 if application.liaison_name else 0,
            on=day,
            policy=found.policy,
            settings=limits,
        ),
        *material_problems(
            papers.by_material(),
            site_keys=[str(site.pk) for site in sites],
            roster_rows=rows,
            channel=Channel(application.channel),
            policy=found.policy,
            settings=limits,
        ),
        *management_problems(management_facts(application, papers), on=day),
        *fifty_problems(gate),
    ]
    gaps += _translated(application, problems, told={gap.url for gap in gaps}, rows=rows)
    gaps += _lease_gaps(application, papers)
    return Check(tuple(_in_order(gaps)))


def _form_gaps(application: Application) -> list[Gap]:
    """Empty fields of 附件1 and beside it, of every site, and a 简介 that is too short."""
    gaps = [
        Gap(FORM, f"请填写{full_label(field.name)}。", anchor(application, field.name), "附件1")
        for field in FIELDS.values()
        if field.required and not getattr(application, field.name) and field.name != "term_to"
    ]
    if 0 < len(application.profile.strip()) < PROFILE_MIN:
        text = f"劳务协作工作站简介不少于{PROFILE_MIN}字，现有{len(application.profile.strip())}字。"
        gaps.append(Gap(FORM, text, anchor(application, "profile"), "附件1"))
    for site in application.sites.all():
        for field in SITE_FIELDS:
            if field.required and not getattr(site, field.name):
                verb = "勾选" if field.name == "facilities" else "填写"
                text = f"{site_label(application, site)}：请{verb}{field.label}。"
                gaps.append(Gap(FORM, text, anchor(application, f"site:{site.pk}:{field.name}"), "第三条（二）"))
    signed, starts = application.agreement_signed_on, application.agreement_from
    if signed and starts and starts < signed:
        text = "协议有效期的起始日期不能早于签订日期。"
        gaps.append(Gap(FORM, text, anchor(application, "agreement_from"), RULES_CLAUSE))
    return gaps


def _translated(application: Application, problems: Iterable[Problem], *, told: set[str], rows: int) -> Iterable[Gap]:
    """The rules' findings as gaps; what the empty field says already is not said twice."""
    said: set[tuple[str, str]] = set()
    for problem in problems:
        missing = problem.level is Level.MISSING
        if missing and problem.target.startswith("site:"):
            continue  # single fields and papers of a site are named one by one
        if missing and problem.clause == RULES_CLAUSE and problem.target in (Slot.M4B, Slot.M4C):
            continue  # condition (三) asks for what the fourth material asks for
        if problem.target == Slot.M5 and rows == 0 and "份" not in problem.message:
            continue  # the list is the roster itself, and that it is empty is told there
        url, text = anchor(application, problem.target), _words(application, problem)
        if url in told or (url, text) in said:
            continue
        said.add((url, text))
        yield Gap(_tab(problem.target), text, url, problem.clause, blocking=problem.level is not Level.WARN)


def _lease_gaps(application: Application, papers: Papers) -> Iterable[Gap]:
    for site in application.sites.all():
        if not papers.has(Slot.LEASE, site.pk):
            text = f"{site_label(application, site)}：缺少场所使用证明（产权证或租赁合同）。"
            yield Gap(MATERIALS, text, anchor(application, f"{Slot.LEASE}:{site.pk}"), "第三条（二）")


def _words(application: Application, problem: Problem) -> str:
    """A photograph is missing of one of the sites: say of which."""
    for site in application.sites.all():
        if problem.target == str(site.pk):
            return f"{site_label(application, site)}：至少上传1张办公场所照片。"
    return problem.message


def _tab(target: str) -> str:
    if target == "roster":
        return ROSTER
    if target.startswith("/") or target == "operator":
        return SUBMIT
    if target in Slot.values or target == "M4" or _is_site(target):
        return MATERIALS
    return FORM


def _is_site(target: str) -> bool:
    """A bare site key: the rules name the slot of a site's photographs by it."""
    return len(target) == 36 and target.count("-") == 4


def anchor(application: Application, target: str) -> str:
    """The address of the place on the file's pages where a target (field, site, slot, roster) is mended."""
    if target.startswith("/"):
        return target
    page = reverse("applications:file", args=[application.pk])
    if target in ("operator", "credit_code"):
        return f"{page}?tab={FORM}#operator"
    if target == "sites":
        return f"{page}?tab={FORM}#sites"
    if target.startswith("roster"):
        return f"{page}?tab={ROSTER}#roster"
    slot, _, site = target.partition(":")
    if target in ("M4", "M6"):  # in parts, or one of each site
        return f"{page}?tab={MATERIALS}#material-{target[1]}"
    if slot in Slot.values:
        return f"{page}?tab={MATERIALS}#slot-{slot}" + (f"-{site}" if site else "")
    if _is_site(target):
        return f"{page}?tab={MATERIALS}#slot-{Slot.M6}-{target}"
    if slot == "site":
        site_id, _, field = site.partition(":")
        return f"{page}?tab={FORM}#" + (f"id_site-{site_id}-{field}" if field else f"site-{site_id}")
    return f"{page}?tab={FORM}#id_{target}"


def _late_gaps(application: Application, day: dt.date) -> list[Gap]:
    """R-16: nothing is handed in after the last day of a 补正通知书, also before the worker has let the file lapse."""
    review = application.review
    if review.state != State.RETURNED or review.due_on is None or day <= review.due_on:
        return []
    text = f"补正期限{date_cn(review.due_on)}已届满，这件申请视为撤回。可以重新申请，填过的内容会自动带入。"
    return [Gap(SUBMIT, text, "")]


def _in_order(gaps: Iterable[Gap]) -> list[Gap]:
    tabs = list(TAB_LABELS)
    return sorted(gaps, key=lambda gap: tabs.index(gap.tab))
