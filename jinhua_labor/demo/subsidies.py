"""第五章 in the demo: an extension for show, and a grant in every state: paid long ago, bounced, set off to nothing, in
公示, before the bureau with another benefit, in a batch, cancelled, held, asked back in part; the year's budget."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from assessments.sheets.models import Assessment
from assessments.sheets.services import results as services
from jinhua_labor.accounts.models import User
from jinhua_labor.core.workdays import work_calendar
from jinhua_labor.notices import services as notices
from jinhua_labor.review.states import Recommendation
from jinhua_labor.rulebook import services as rulebook
from jinhua_labor.rulebook.book import forget_book
from jinhua_labor.rulebook.enums import Kind
from subsidies.grants.enums import GrantKind
from subsidies.grants.models import Grant, OtherBenefit, Recovery
from subsidies.grants.services import benefits, deriving, publicity, recoveries, review
from subsidies.payees.services import accounts

from . import paying
from .assessed import second_ones
from .cases import person
from .days import at
from .papers import paper
from .years import Told, Year, announce, conclude

if TYPE_CHECKING:
    from .assessed import Pair
    from .story import Story

CLERK, SCREENER, SECOND, OFFICIAL, HEAD, FINANCE = "shouli", "chushen", "zhongxin", "shenhe", "juzhang", "caiwu"
EXTENDED = dt.date(2024, 1, 15)
AFTER_TITLE = 12
"""Working days from the recognition of the title to the day its money is drafted."""


def tell_past(story: Story, pair: Pair) -> None:
    """What the two old stations were owed by the time of the title; one account was closed by its bank meanwhile."""
    _extend(story)
    title = pair.good.titles.get()
    drafted = work_calendar().add_workdays(title.recognised_on, AFTER_TITLE)
    for unit, number in (("zi", "3390999900010000057"), ("chou", "3390999900010000058")):
        _account(unit, number, on=drafted)
    with at(drafted, 16):
        deriving.derive_all(by=User.objects.system())
    grants = list(Grant.objects.order_by("station", "final_on", "kind"))
    late = next(grant for grant in grants if grant.station_id == pair.poor.pk)  # its unit confirms the account lately
    had = next(grant for grant in grants if grant.station_id == pair.good.pk and grant.kind == GrantKind.SETUP)
    _set_off(had, drafted)
    grants = [grant for grant in grants if grant not in (late, had)]
    done = _approved(grants, drafted)
    reward = next(grant for grant in grants if grant.kind == GrantKind.EXCELLENT)
    paying.paid([grant for grant in grants if grant != reward], on=done, voucher=f"{done.year}-0301")
    paying.bounced(reward, on=done)


def tell_lately(story: Story, pair: Pair) -> None:
    """The first station's account and 建站补贴; the year of the good one that has just become final; its first year,
    corrected downwards after the money was paid: the difference is asked back."""
    _corrected(story, pair)
    paying.planned(story.base.year)
    late = Grant.objects.get(station=pair.poor)
    paying.out_and_told_wrong(late, on=_approved([late], story.day(17)), back=story.day(1))
    _second_stations(story)
    _account("jia", "3390999900010000099", on=story.day(9))
    with at(story.day(8), 8):
        deriving.derive_all(by=User.objects.system())
    fresh = Grant.objects.filter(stage="DRAFT").select_related("station__operator")
    setup = fresh.get(station=story.plaque_station, kind=GrantKind.SETUP)
    year = fresh.get(kind=GrantKind.YEARLY)
    with at(story.day(7), 10):
        review.confirm_account(grant_id=setup.pk, by=person("jia"))
        review.confirm_account(grant_id=year.pk, by=person("zi"))
    with at(story.day(6), 10):
        _had_elsewhere(setup, Decimal(5000), paid_on=dt.date(2020, 12, 10))
        _screened([setup, year])
    with at(story.day(5), 10):
        review.approve(grant_id=year.pk, opinion="依据和金额无误，同意。", by=person(OFFICIAL))
    _published([year], prepared=story.day(4), released=story.day(3))
    case = Recovery.objects.get(grant__station=pair.good)
    with at(story.day(4), 15):
        recoveries.notify(recovery_id=case.pk, due_on=story.base + dt.timedelta(days=25), by=person(HEAD))
    _account("zi", "3390999900010000157", on=story.day(1), reason="原账户已在银行销户。", confirmed=False)


def _had_elsewhere(grant: Grant, amount: Decimal, *, paid_on: dt.date) -> OtherBenefit:
    return benefits.record_benefit(
        grant_id=grant.pk,
        policy="跨省劳务协作站点补助（演示）",
        doc_no="",
        issued_on=dt.date(2020, 9, 1),
        matter="建站",
        amount=amount,
        paid_on=paid_on,
        proof=paper("其他补助凭证", "演示内容，虚构。"),
        by=person(SCREENER),
        key=uuid.uuid4(),
    )


def _set_off(grant: Grant, drafted: dt.date) -> None:
    """建站补贴 of a unit that had more for the same matter before: nothing is left to pay (就高不重复)."""
    with at(work_calendar().add_workdays(drafted, 1), 9):
        review.confirm_account(grant_id=grant.pk, by=person("zi"))
    with at(work_calendar().add_workdays(drafted, 2), 9):
        benefit = _had_elsewhere(grant, Decimal(12000), paid_on=grant.trigger_on)
        _screened([grant])
    with at(work_calendar().add_workdays(drafted, 4), 9):
        reason = "同为建站的一次性补助，属同一事项。"
        benefits.decide_benefit(benefit_id=benefit.pk, same_matter=True, reason=reason, by=person(OFFICIAL))
        review.approve(grant_id=grant.pk, opinion="按就高不重复原则，不再拨付。", by=person(OFFICIAL))


def _second_stations(story: Story) -> None:
    """建站补贴 of two stations two months old: one handed in lately, one the unit does not want."""
    pair = second_ones(story)
    with at(story.day(20), 8):
        for station in (pair.good, pair.poor):
            deriving.derive_station(station_id=station.pk, by=User.objects.system())
    with at(story.day(2), 16):
        review.confirm_account(grant_id=Grant.objects.get(station=pair.good).pk, by=person("zi"))
    with at(story.day(18), 10):
        review.cancel_by_bureau(
            grant_id=Grant.objects.get(station=pair.poor).pk,
            reason="承建单位来函说明建站经费已由总公司承担，不申领建站补贴。（演示内容，虚构）",
            by=person(OFFICIAL),
        )


def _corrected(story: Story, pair: Pair) -> None:
    """第1年度 scored again without points for 创新, by the same persons, and published anew."""
    year = Assessment.objects.get(station=pair.good, period_no=1)
    with at(story.day(26), 9):
        services.correct(assessment_id=year.pk, reason="经复查，工作创新的材料系上一年度的做法。", by=person(OFFICIAL))
    again = Year(year, "zi", Told(innovation=0))
    with at(story.day(25), 9):
        again.score(only=("D1",))
        again.hand_on()
    with at(story.day(24), 9):
        again.check()
    with at(story.day(23), 9):
        again.agree()
        again.report()
    with at(story.day(22), 9):
        again.confirm()
    conclude([again], announce([again], prepared=story.day(21), released=story.day(20)))


def _extend(story: Story) -> None:
    """A document the bureau records; nobody should take it for a real one."""
    with at(EXTENDED, 10):
        by = person(OFFICIAL)
        row = rulebook.create(key=uuid.uuid4(), kind=Kind.EXTENSION, subject="延长试行期（演示，不是真实文件）", by=by)
        row = rulebook.save_head(
            version_id=row.pk,
            revision=row.revision,
            subject=row.subject,
            note="演示用：为使本年度的补贴可以办理。",
            decided_by="演示局",
            doc_no="演示人社〔2024〕1号",
            doc_date=EXTENDED,
            effective_to=dt.date(story.base.year + 1, 12, 31),
            by=by,
        )
        row = rulebook.submit(version_id=row.pk, revision=row.revision, by=by)
    with at(EXTENDED, 15):
        rulebook.confirm(version_id=row.pk, revision=row.revision, by=person(HEAD))
    forget_book()


def _account(username: str, number: str, *, on: dt.date, reason: str = "", confirmed: bool = True) -> None:
    unit = person(username).organisation
    assert unit is not None
    with at(on, 9):
        change = accounts.ask(
            organisation_id=unit.pk,
            holder=unit.name,
            bank="演示银行金东支行",
            number=number,
            proof=paper("开户证明", f"{unit.name}。演示内容，虚构。"),
            reason=reason,
            by=person(username),
            key=uuid.uuid4(),
        )
    if not confirmed:
        return
    with at(on, 10):
        accounts.check(change_id=change.pk, note="已电话向单位联系人核实。", by=person(SCREENER))
    with at(on, 11):
        accounts.confirm(change_id=change.pk, by=person(SECOND))


def _approved(grants: Sequence[Grant], drafted: dt.date) -> dt.date:
    """Every step up to the last 审批; the day of it."""

    def day(workdays: int) -> dt.date:
        return work_calendar().add_workdays(drafted, workdays)

    with at(day(1), 9):
        for grant in grants:
            unit = grant.payee.people.order_by("created_at").first()
            review.confirm_account(grant_id=grant.pk, by=unit)
    with at(day(2), 10):
        _screened(grants)
    with at(day(4), 10):
        for grant in grants:
            review.approve(grant_id=grant.pk, opinion="依据和金额无误，同意。", by=person(OFFICIAL))
    _published(grants, prepared=day(5), released=day(6))
    with at(day(12), 10):
        for grant in grants:
            publicity.approve_step(grant_id=grant.pk, step=1, opinion="同意拨付。", by=person(HEAD))
    with at(day(13), 10):
        for grant in grants:
            publicity.approve_step(grant_id=grant.pk, step=2, opinion="已核对账户，同意。", by=person(FINANCE))
    return day(14)


def _screened(grants: Iterable[Grant]) -> None:
    for grant in grants:
        review.screen(
            grant_id=grant.pk,
            recommendation=Recommendation.AGREE,
            opinion="依据、金额和账户已核对，同意上报。",
            others_checked=True,
            by=person(SCREENER),
        )


def _published(grants: Sequence[Grant], *, prepared: dt.date, released: dt.date) -> None:
    with at(prepared, 10):
        notice = publicity.prepare_notice(grant_ids=[grant.pk for grant in grants], by=person(CLERK))
    with at(released, 9):
        notices.release(notice_id=notice.pk, by=person(HEAD))
