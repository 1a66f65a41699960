"""The five conditions of 第三条 as the reviewer sees them: computed facts, what stands in the way, the judgements."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects

from jinhua_labor.rulebook import policy_on
from stations.applications.enums import Condition, Verdict
from stations.applications.models import Application, Judgement
from stations.applications.rules import (
    Problem,
    blocking,
    fifty_problems,
    general_problems,
    judgement_problems,
    management_problems,
    site_problems,
)

from . import condition_facts
from .condition_facts import Fact, decision_facts, gate_of
from .facts import Papers, area_of, management_facts, site_facts

CLAUSES: dict[str, str] = {
    Condition.C1: "第三条（一）",
    Condition.C2: "第三条（二）",
    Condition.C3: "第三条（三）",
    Condition.C4: "第三条（四）",
    Condition.C5: "第三条（五）",
}
PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    Condition.C3: (("RULES", "劳务协作工作管理制度"), ("PACT", "劳务协作协议"), ("PLAN", "年度省外劳动力工作计划")),
}
"""Condition (三) judges three documents, the others are judged as a whole (part "")."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is judged 符合/不符合; `stale` when the file was handed in again since."""

    condition: str
    part: str
    label: str
    judgement: Judgement | None
    stale: bool = False

    @property
    def key(self) -> str:
        return f"{self.condition}-{self.part}" if self.part else self.condition

    @property
    def ok(self) -> bool | None:
        if self.judgement is None or self.stale:
            return None
        return self.judgement.verdict == Verdict.MET


@dataclass(frozen=True, slots=True)
class ConditionView:
    """One condition: its words, the facts in view, what the rules find, and the judgement of each part."""

    condition: str
    title: str
    clause: str
    text: str
    facts: tuple[Fact, ...]
    problems: tuple[Problem, ...]
    parts: tuple[Part, ...]

    @property
    def ok(self) -> bool | None:
        """符合 when every part is, 不符合 when one is not, else still open."""
        found = [part.ok for part in self.parts]
        if False in found:
            return False
        return None if None in found else True

    @property
    def judged(self) -> int:
        return sum(part.ok is not None for part in self.parts)


def standing_problems(application: Application, *, day: dt.date) -> dict[str, tuple[Problem, ...]]:
    """What the rules find on the day of a decision, by condition; the judgements are not part of it."""
    found = policy_on(day)
    papers = Papers(application)
    verdicts = {row.part: Verdict(row.verdict) for row in application.judgements.all() if row.condition == Condition.C3}
    management = dataclasses.replace(management_facts(application, papers), verdicts=verdicts)
    return {
        Condition.C1: general_problems(decision_facts(application, day=day), on=day, screening=True),
        Condition.C2: site_problems(
            site_facts(application, papers, day=day),
            area=area_of(application),
            liaisons=1 if application.liaison_name else 0,
            on=day,
            policy=found.policy,
            settings=found.policy.settings,
            screening=True,
        ),
        Condition.C3: management_problems(management, on=day, screening=True),
        Condition.C4: fifty_problems(gate_of(application, day=day), screening=True),
        Condition.C5: (),
    }


def conditions(application: Application, *, day: dt.date) -> list[ConditionView]:
    """All five with facts of this day; a fixed number of queries."""
    prefetch_related_objects([application], Prefetch("judgements", Judgement.objects.select_related("by")))
    problems = standing_problems(application, day=day)
    lines = policy_on(day).policy.document.article(3).text.splitlines()
    facts = {
        Condition.C1: condition_facts.general(application, day=day),
        Condition.C2: condition_facts.places(application, day=day),
        Condition.C3: condition_facts.papers(application, day=day),
        Condition.C4: condition_facts.count(application, day=day),
        Condition.C5: condition_facts.shares(application, day=day),
    }
    return [
        ConditionView(
            condition=condition,
            title=condition.label,
            clause=CLAUSES[condition],
            text=lines[number].partition("：")[2],
            facts=tuple(facts[condition]),
            problems=problems[condition],
            parts=parts_of(application, condition),
        )
        for number, condition in enumerate(Condition, 1)
    ]


def parts_of(application: Application, condition: str) -> tuple[Part, ...]:
    rows = {row.part: row for row in application.judgements.all() if row.condition == condition}
    since = application.review.submitted_at
    return tuple(
        Part(condition, part, label, row := rows.get(part), stale=bool(row and since and row.at < since))
        for part, label in PARTS.get(condition, (("", Condition(condition).label),))
    )


def obstacles(application: Application, *, views: Iterable[ConditionView]) -> tuple[tuple[str, str], ...]:
    """What keeps 初审 from 同意, each with where it is mended: judgements, rules, marks that wait to be told."""
    found = []
    for view in views:
        for part in view.parts:
            row = None if part.stale else part.judgement
            verdict, reason = (Verdict(row.verdict), row.reason) if row else (None, "")
            said = judgement_problems(verdict, reason, target=part.key, clause=view.clause)
            label = f"{view.clause}{part.label if part.part else view.title}"
            if said:
                found.append(
                    (f"{label}：{'补正后请重新判断' if part.stale else '请作出判断'}。", f"#cond-{view.condition}")
                )
            elif verdict == Verdict.UNMET:
                found.append((f"{label}：已判断为不符合。", f"#cond-{view.condition}"))
        found += [
            (f"{view.clause}：{problem.message}", f"#cond-{view.condition}")
            for problem in blocking(view.problems)
            if not _about_judgement(problem)
        ]
    marks = application.defects.filter(notice__isnull=True).count()
    if marks:
        found.append((f"还有{marks}处已标记的问题没有告知申请单位：请退回补正，或删除标记。", "#tray"))
    return tuple(found)


def _about_judgement(problem: Problem) -> bool:
    return "请判断" in problem.message or "判断为不合格" in problem.message
