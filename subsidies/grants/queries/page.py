"""What a grant's page says: how it came about, where it stands, what this person may do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from assessments.sheets.models import Sheet
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.money import yuan
from jinhua_labor.review.queries import buttons
from jinhua_labor.review.states import Action
from jinhua_labor.rulebook import policy_on
from subsidies.grants.enums import BEFORE_REVIEWED, PLAIN, PlainState, Stage
from subsidies.grants.models import Grant, OtherBenefit
from subsidies.grants.rules import NOTHING, ApprovalStep, Standing, Wait, approval_steps

from .approving import PublicityOf, publicity_of, remaining
from .facts import Owed, owed
from .standing import Pending, pending, standing

StepRow = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything beside the row itself."""

    standing: Standing
    warnings: tuple[str, ...]
    pending: tuple[Pending, ...]
    benefits: tuple[OtherBenefit, ...]
    publicity: PublicityOf
    remaining: tuple[ApprovalStep, ...]
    sheet_url: str
    may: frozenset[str]


def page(grant: Grant, user: User, *, day: dt.date) -> Page:
    world = owed([grant.station_id])[grant.station_id]
    stands = standing(grant, world)
    entitled = world.entitled.get((grant.kind, grant.period_no))
    benefits = tuple(grant.benefits.select_related("recorded_by", "decided_by", "proof"))
    public, left = publicity_of(grant, on=day), remaining(grant, on=day)
    office = user.role != Role.OPERATOR
    return Page(
        standing=stands,
        warnings=entitled.warnings if entitled and user.role in {Role.BUREAU, Role.CENTRE, Role.AUDITOR} else (),
        pending=_pending(grant, world) if office else (),
        benefits=benefits,
        publicity=public,
        remaining=left,
        sheet_url=_sheet_url(grant, user),
        may=frozenset(_may(grant, user, stands, benefits, public, left)),
    )


def _pending(grant: Grant, world: Owed) -> tuple[Pending, ...]:
    """What deriving would do to this grant; its station's others have pages of their own."""
    return tuple(one for one in pending({grant.station_id: world}, [grant]) if one.grant is not None)


def _sheet_url(grant: Grant, user: User) -> str:
    """The sheet the amount rests on, where its people and papers open; "" for who does not see it."""
    if grant.sheet_id is None:
        return ""
    found = Sheet.objects.visible_to(user).filter(pk=grant.sheet_id).first()
    return found.get_absolute_url() if found else ""


def _may(
    grant: Grant,
    user: User,
    stands: Standing,
    benefits: tuple[OtherBenefit, ...],
    public: PublicityOf,
    left: tuple[ApprovalStep, ...],
) -> list[str]:
    """The names of the forms this person is offered; the services decide again."""
    actions, may = buttons(grant.review, user), []
    stage, role = Stage(grant.stage), user.role
    own = role == Role.OPERATOR and user.organisation_id == grant.payee_id
    if stage == Stage.DRAFT and Action.SUBMIT in actions and (own or role == Role.CENTRE):
        may.append("account")
    if grant.recheck_reason and stage == Stage.APPROVED and (own or role == Role.CENTRE):
        may.append("recheck")
    if own and stage == Stage.PAID and grant.outstanding and grant.received_on is None:
        may.append("received")
    if Action.RETURN in actions:
        may.append("return")
    if Action.SCREEN in actions and not stands.holds:
        may.append("screen")
    open_ = stage in BEFORE_REVIEWED and grant.paid == NOTHING
    if role == Role.CENTRE and open_:
        may.append("benefit")
    if role == Role.BUREAU and open_ and benefits:
        may.append("benefit_decide")
    if role == Role.BUREAU and open_ and Wait.AGAIN in stands.waits and grant.decision_pay is None:
        may.append("decide")
    if Action.SEND_BACK in actions:
        may.append("back")
    decided = all(row.same_matter is not None for row in benefits) and not stands.problems
    if Action.APPROVE in actions and decided and grant.review.recommendation == "AGREE":
        may.append("approve")
    if Action.REJECT in actions:
        may.append("reject")
    if stage == Stage.REVIEWED and public.may_prepare and role == Role.CENTRE and not stands.problems:
        may.append("notice")
    if stage == Stage.REVIEWED and left and public.over and left[0].role == role and not stands.problems:
        hats = {grant.review.screened_by_id, grant.review.approved_by_id}
        hats |= {row.by_id for row in grant.approvals.all() if row.round == grant.rounds}
        may.append("step_hat" if user.pk in hats else "step")
    if role == Role.BUREAU and stage in {Stage.DRAFT, Stage.SUBMITTED, Stage.REVIEWED, Stage.APPROVED}:
        may.append("cancel")
    return may


def progress(grant: Grant, user: User, found: Page, *, day: dt.date) -> list[StepRow]:
    """The step bar: four words for a unit, the offices' own for staff."""
    ended = grant.stage in {Stage.CANCELLED, Stage.ZERO}
    if user.role == Role.OPERATOR:
        plain = [PlainState.CONFIRM, PlainState.REVIEW, PlainState.PAYING, PlainState.PAID]
        at = plain.index(PLAIN[grant.stage]) if not ended else -1
        words = ["确认收款账户", "审核", "等待拨付", "已拨付"]
        return _again(grant, [(word, _mark(number, at, last=3), "") for number, word in enumerate(words)])
    steps = approval_steps(policy_on(day).policy.settings)
    names = ["确认账户", "初审", "审核", *(["公示"] if found.publicity.stands is not None else [])]
    names += [*(step.label for step in steps), "列入批次", "拨付"]
    taken = len(steps) - len(found.remaining)
    after = 3 + (1 if found.publicity.stands is not None else 0)
    at = {
        Stage.DRAFT: 0,
        Stage.SUBMITTED: 1,
        Stage.SCREENED: 2,
        Stage.REVIEWED: after + taken if found.publicity.over else 3,
        Stage.APPROVED: after + len(steps),
        Stage.BATCHED: after + len(steps) + 1,
        Stage.PAID: len(names) - 1,
    }.get(Stage(grant.stage), -1)
    marks = [
        (name, "done" if grant.stage == Stage.PAID else _mark(number, at), "") for number, name in enumerate(names)
    ]
    return _again(grant, marks)


def _again(grant: Grant, steps: list[StepRow]) -> list[StepRow]:
    """Where money came back it is the account's turn again, whatever was decided before."""
    if not grant.recheck_reason:
        return steps
    rest = [(name, "" if mark == "current" else mark, note) for name, mark, note in steps[1:]]
    return [(steps[0][0], "returned", "退票"), *rest]


def _mark(number: int, at: int, *, last: int = -1) -> str:
    if number < at or (number == at == last):
        return "done"
    return "current" if number == at else ""


def sums(grant: Grant, *, office: bool) -> list[tuple[str, str]]:
    """The arithmetic in rows: standard, what is set off, what is left, what is out."""
    rows = [("标准金额", yuan(grant.base)), ("同类补助", yuan(grant.other)), ("应拨金额", yuan(grant.payable))]
    if grant.paid:
        rows.append(("已拨金额", yuan(grant.paid)))
    if grant.returned:
        rows.append(("已退回金额", yuan(grant.returned)))
    if grant.paid and grant.due and grant.stage != Stage.CANCELLED:
        rows.append(("本次应补", yuan(grant.due)))
    if office and grant.fiscal_year:
        rows.append(("预算年度", f"{grant.fiscal_year}年"))
    return rows
