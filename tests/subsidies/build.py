"""A unit with its account, stations with what is owed to them, and grants at each step, through the services."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from assessments.models import Assessment, Sheet
from assessments.sheets.enums import Cause, Stage
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.notices import services as notices
from jinhua_labor.review.states import Recommendation
from stations.registry.models import Station
from subsidies.grants.enums import GrantKind
from subsidies.grants.models import Grant
from subsidies.grants.services import deriving, paying, publicity, review
from subsidies.payees.models import AccountChange, PayeeAccount
from subsidies.payees.services import accounts
from tests import factories
from tests.assessments.excellent.build import final_year
from tests.meta import rows
from tests.meta import rows_assessment as made
from tests.stations.oversight.build import running

ESTABLISHED = dt.date(2021, 6, 1)
DAY = dt.datetime(2023, 11, 1, 2, tzinfo=dt.UTC)
NUMBER = "3390999900001234567"


def station(unit: User, **fields: Any) -> Station:
    """Running since 2021-06-01."""
    return running(unit, **{"established_on": ESTABLISHED, "term_to": dt.date(2030, 5, 31), **fields})


def year(place: Station, number: int = 1, total: int | str = 75, **fields: Any) -> Assessment:
    """A FINAL year of the station."""
    return final_year(place, number, total=Decimal(total), **fields)


def reopened(assessment: Assessment) -> Assessment:
    """The final result is being corrected."""
    Assessment.objects.filter(pk=assessment.pk).update(stage=Stage.SCORING, final_on=None)
    assessment.refresh_from_db()
    return assessment


def corrected(assessment: Assessment, total: int | str, **fields: Any) -> Sheet:
    """A correction that is final: another sheet in force."""
    number = assessment.sheets.count() + 1
    day = assessment.final_on or dt.date(2023, 1, 1)
    sheet: Sheet = made.confirmed(
        assessment=assessment,
        round=number,
        cause=Cause.CORRECTION,
        reason="复查更正",
        notice=rows.published(),
        final_on=day,
        total=Decimal(total),
        **fields,
    )
    Assessment.objects.filter(pk=assessment.pk).update(stage=Stage.FINAL, final_on=day)
    return sheet


def derive() -> int:
    return deriving.derive_all(by=User.objects.system())


def account(unit: Organisation, by: User, first: User, second: User, number: str = NUMBER) -> PayeeAccount:
    """The unit's account, in force (a second one waits its days)."""
    change = asked(unit, by, number)
    accounts.check(change_id=change.pk, note="电话向单位联系人核实无误。", by=first)
    return accounts.confirm(change_id=change.pk, by=second).account


def asked(unit: Organisation, by: User, number: str = NUMBER, **fields: Any) -> AccountChange:
    values: dict[str, Any] = {
        "organisation_id": unit.pk,
        "holder": unit.name,
        "bank": "示例银行金东支行",
        "number": number,
        "proof": factories.png(),
        "reason": "换了开户银行",
        "by": by,
        "key": uuid.uuid4(),
    }
    return accounts.ask(**{**values, **fields})


def grant_of(place: Station, kind: str = GrantKind.SETUP, number: int | None = None) -> Grant:
    return Grant.objects.select_related("review", "payee", "station", "notice").get(
        station=place, kind=kind, period_no=number
    )


def reload(grant: Grant) -> Grant:
    return Grant.objects.select_related("review", "payee", "station", "notice").get(pk=grant.pk)


def pay(grant: Grant, *, amount: Decimal, on: dt.date, by: User) -> None:
    """A payment as 拨付 records it: what keeps the grant is asked at that moment."""
    paying.mark_paid(grant, amount=amount, on=on, standing=paying.kept([grant])[grant.pk], by=by)


def lingering(patch: pytest.MonkeyPatch, place: ModuleType, name: str) -> None:
    """Whoever comes by this function stays a moment: two who could be there together are."""
    step = getattr(place, name)

    def slowly(*args: Any, **kwargs: Any) -> Any:
        found = step(*args, **kwargs)
        time.sleep(0.4)
        return found

    patch.setattr(place, name, slowly)


class Desk:
    """The people who take a grant from the account to the approval."""

    def __init__(self, unit: User, centre: User, second: User, bureau: User, leader: User, finance: User) -> None:
        self.unit, self.centre, self.second = unit, centre, second
        self.bureau, self.leader, self.finance = bureau, leader, finance

    def account(self) -> PayeeAccount:
        assert self.unit.organisation is not None
        return account(self.unit.organisation, self.unit, self.centre, self.second)

    def submitted(self, grant: Grant) -> Grant:
        review.confirm_account(grant_id=grant.pk, by=self.unit)
        return reload(grant)

    def screened(self, grant: Grant) -> Grant:
        self.submitted(grant)
        self.screen(grant)
        return reload(grant)

    def screen(self, grant: Grant, **fields: Any) -> None:
        values: dict[str, Any] = {
            "recommendation": Recommendation.AGREE,
            "opinion": "依据和金额无误。",
            "others_checked": True,
            "by": self.centre,
        }
        review.screen(grant_id=grant.pk, **{**values, **fields})

    def reviewed(self, grant: Grant) -> Grant:
        self.screened(grant)
        review.approve(grant_id=grant.pk, opinion="同意。", by=self.bureau)
        return reload(grant)

    def published(self, *grants: Grant) -> None:
        """公示 released; it runs from today."""
        notice = publicity.prepare_notice(grant_ids=[grant.pk for grant in grants], by=self.centre)
        notices.release(notice_id=notice.pk, by=self.bureau, cleared_reason="没有个人信息")

    def steps(self, grant: Grant) -> Grant:
        """Both steps of 审批, once 公示 is over."""
        publicity.approve_step(grant_id=grant.pk, step=1, opinion="同意。", by=self.leader)
        publicity.approve_step(grant_id=grant.pk, step=2, opinion="同意。", by=self.finance)
        return reload(grant)
