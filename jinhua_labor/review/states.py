"""The two-step review (初审 → 审核) as data: one table drives the guard, the buttons, the inbox and the tests.

第五条: 由区就业服务中心负责初审，区人社局负责审核. States and steps as in docs/review.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices

from jinhua_labor.accounts.enums import Role


class Kind(TextChoices):
    """What is reviewed; each kind's own room holds the file itself."""

    APPLICATION = "APPLICATION", "设立申请"
    CHANGE = "CHANGE", "承建单位变更"
    REVOCATION = "REVOCATION", "取消资格"
    RENEWAL = "RENEWAL", "续期申请"
    ASSESSMENT = "ASSESSMENT", "年度评估"
    AWARD = "AWARD", "优秀站点评选"
    REVERIFY = "REVERIFY", "优秀站点复核"
    GRANT = "GRANT", "补贴"


CENTRE_STARTED = frozenset({Kind.ASSESSMENT, Kind.REVERIFY})
"""Kinds the centre itself hands in: what is returned waits for the centre, and the unit reads nothing of the review."""


class Decider(TextChoices):
    """Who decides what was screened: the bureau; of an assessment the centre where it is read so (R-29)."""

    BUREAU = Role.BUREAU.value, "区人社局"
    CENTRE = Role.CENTRE.value, "区就业服务中心"


DECIDER_OPEN = frozenset({Kind.ASSESSMENT})
"""Kinds a reading of the policy may leave to the centre; everything else the notice gives to the bureau."""


DECIDE_SEVERAL: dict[str, str] = {Kind.APPLICATION: "applications:approve_several"}
"""The page of each kind's own room that decides several files at once."""


class State(TextChoices):
    DRAFT = "DRAFT", "草稿"
    SUBMITTED = "SUBMITTED", "待初审"
    RETURNED = "RETURNED", "待补正"
    SCREENED = "SCREENED", "待审核"
    APPROVED = "APPROVED", "审核通过"
    REJECTED = "REJECTED", "不予通过"
    WITHDRAWN = "WITHDRAWN", "已撤回"
    LAPSED = "LAPSED", "逾期视为撤回"


CLOSED = frozenset({State.APPROVED, State.REJECTED, State.WITHDRAWN, State.LAPSED})
"""States in which nothing waits for anyone in the review; what follows is the file's own room."""

APPLICANT_LABELS: dict[str, str] = {
    State.SUBMITTED: "已提交，等待初审",
    State.RETURNED: "需要您补正",
    State.SCREENED: "初审已完成，等待审核",
    State.APPROVED: "审核通过",
    State.REJECTED: "未获通过",
}
"""What the applicant reads where the office's word would not tell him whose turn it is."""


KIND_LABELS: dict[tuple[str, str], str] = {
    ("ASSESSMENT", State.SUBMITTED): "待复核",
    ("ASSESSMENT", State.SCREENED): "待确认",
    ("ASSESSMENT", State.RETURNED): "退回评分",
}
"""What the offices call a step of a kind of file where its own word is another one."""


class Recommendation(TextChoices):
    """What the centre proposes to the bureau when it forwards a file."""

    AGREE = "AGREE", "同意"
    DISAGREE = "DISAGREE", "不同意"


class Action(TextChoices):
    SUBMIT = "SUBMIT", "提交"
    WITHDRAW = "WITHDRAW", "撤回"
    RETURN = "RETURN", "退回补正"
    LAPSE = "LAPSE", "逾期视为撤回"
    SCREEN = "SCREEN", "初审"
    SEND_BACK = "SEND_BACK", "退回初审"
    APPROVE = "APPROVE", "审核通过"
    REJECT = "REJECT", "不予通过"


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed transition: from which states, to which, by which roles, and whether it needs words."""

    action: Action
    sources: frozenset[State]
    target: State
    roles: frozenset[Role]
    comment_required: bool = False


def _step(action: Action, sources: tuple[State, ...], target: State, *roles: Role, comment: bool = False) -> Step:
    return Step(action, frozenset(sources), target, frozenset(roles), comment)


STEPS: dict[Action, Step] = {
    step.action: step
    for step in (
        _step(Action.SUBMIT, (State.DRAFT, State.RETURNED), State.SUBMITTED, Role.OPERATOR, Role.CENTRE),
        _step(
            Action.WITHDRAW,
            (State.DRAFT, State.SUBMITTED, State.RETURNED, State.SCREENED),
            State.WITHDRAWN,
            Role.OPERATOR,
            Role.SYSTEM,  # a grant that falls away with its station or its result
        ),
        _step(Action.RETURN, (State.SUBMITTED,), State.RETURNED, Role.CENTRE, comment=True),
        _step(Action.LAPSE, (State.RETURNED,), State.LAPSED, Role.SYSTEM),
        _step(Action.SCREEN, (State.SUBMITTED,), State.SCREENED, Role.CENTRE, comment=True),
        _step(Action.SEND_BACK, (State.SCREENED,), State.SUBMITTED, Role.BUREAU, comment=True),
        _step(Action.APPROVE, (State.SCREENED,), State.APPROVED, Role.BUREAU, comment=True),
        _step(Action.REJECT, (State.SCREENED,), State.REJECTED, Role.BUREAU, comment=True),
    )
}

DECIDING = frozenset({Action.SEND_BACK, Action.APPROVE, Action.REJECT})
"""Steps of whoever decides the file (`Decider`): the bureau, as the table says, unless the row says otherwise."""


def roles_of(step: Step, decider: str) -> frozenset[Role]:
    """Who may take the step of a file that is decided by `decider`."""
    return frozenset({Role(decider)}) if step.action in DECIDING else step.roles


WAITS_FOR: dict[Role, frozenset[State]] = {
    Role.OPERATOR: frozenset({State.DRAFT, State.RETURNED}),
    Role.CENTRE: frozenset({State.SUBMITTED}),
    Role.BUREAU: frozenset({State.SCREENED}),
}
"""Whose turn it is in which state: the to-do list of each role."""


def allowed(state: str, role: str, decider: str = Decider.BUREAU) -> tuple[Action, ...]:
    """The steps this role may take from this state, in the order of the table."""
    steps = (step for step in STEPS.values() if state in step.sources)
    return tuple(step.action for step in steps if role in roles_of(step, decider))


def fsm_pairs() -> list[tuple[str, str]]:
    """Every (from, to) pair of the table, for the trigger that refuses all others in the database."""
    return sorted({(source.value, step.target.value) for step in STEPS.values() for source in step.sources})
