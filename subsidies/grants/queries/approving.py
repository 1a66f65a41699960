"""How far a grant has come after 审核: 公示 as its notice stands, the steps of 审批 that are left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments.sheets.rules.results import NoticeFact, Publicity, publicity
from jinhua_labor.core.money import yuan
from jinhua_labor.notices.models import NoticeState
from jinhua_labor.rulebook import policy_on
from subsidies.grants.models import Grant
from subsidies.grants.rules import ApprovalStep, approval_steps

_OUT = {NoticeState.PUBLISHED: True, NoticeState.READY: False, NoticeState.DRAFT: False}


@dataclass(frozen=True, slots=True)
class PublicityOf:
    """`stands` is None where no 公示 is asked for."""

    stands: Publicity | None
    ends_on: dt.date | None = None

    @property
    def over(self) -> bool:
        return self.stands in {None, Publicity.OVER}

    @property
    def may_prepare(self) -> bool:
        return self.stands is Publicity.NONE

    @property
    def label(self) -> str:
        return "不需要公示" if self.stands is None else self.stands.value


def publicity_of(grant: Grant, *, on: dt.date) -> PublicityOf:
    """What its notice says, asked with its open objections; without the setting there is none."""
    notice = grant.notice
    if notice is None and not policy_on(on).policy.settings.grant_publicity_workdays:
        return PublicityOf(None)
    if notice is None or notice.state not in _OUT:
        return PublicityOf(Publicity.NONE)
    fact = NoticeFact(
        _OUT[NoticeState(notice.state)], notice.ends_on, sum(row.answered_at is None for row in notice.objections.all())
    )
    return PublicityOf(publicity(fact, on=on), notice.ends_on)


def remaining(grant: Grant, *, on: dt.date) -> tuple[ApprovalStep, ...]:
    """The steps of 审批 nobody has taken in this round, in order."""
    taken = {row.step for row in grant.approvals.all() if row.round == grant.rounds}
    return tuple(step for step in approval_steps(policy_on(on).policy.settings) if step.number not in taken)


def announced_rows(grants: Sequence[Grant]) -> list[str]:
    """What 补贴公示 says of each grant, a line each, and their sum: nobody edits these."""
    lines = [
        f"{number}. {grant.payee.name}：{grant.station.name}，{grant.item}（{grant.clause}），{yuan(grant.due)}"
        for number, grant in enumerate(sorted(grants, key=lambda one: (one.payee.name, str(one))), start=1)
    ]
    return [*lines, f"共{len(grants)}笔，合计{yuan(sum((grant.due for grant in grants), Decimal(0)))}。"]


def announcement(grants: Sequence[Grant], *, workdays: int, office: str, phone: str) -> tuple[str, str]:
    """Title and text of 补贴公示: unit, station, item, clause, amount; no person, no account."""
    policy = policy_on(max(grant.trigger_on for grant in grants)).policy
    body = "\n".join(
        [
            f"根据《{policy.document.regulation}》（{policy.doc_no}）第十二条、第十三条，经初审、审核，拟拨付以下补贴，"
            f"现予公示，公示期{workdays}个工作日：",
            *announced_rows(grants),
            f"如有异议，请在公示期内实名向{office or '区就业服务中心'}反映" + (f"，电话{phone}。" if phone else "。"),
        ]
    )
    return "关于拟拨付省外劳务协作工作站补贴的公示", body
