"""按规定程序审批 as it is configured: 公示 where set, the steps as they are listed (R-46)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import time_machine

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.errors import Refused
from jinhua_labor.rulebook import policy_on
from stations.registry.models import Station
from subsidies.grants.enums import GrantKind, Stage
from subsidies.grants.models import Approval, Grant
from subsidies.grants.queries import approving
from subsidies.grants.services import publicity
from tests import factories
from tests.subsidies.build import Desk, derive, grant_of, reload, year

pytestmark = pytest.mark.django_db
Configured = Callable[..., None]


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Configured:
    """The settings of the policy in force, changed as a recorded version may change them."""

    def change(**values: Any) -> None:
        def on(day: dt.date) -> Any:
            found = policy_on(day)
            settings = replace(found.policy.settings, **values)
            return replace(found, policy=replace(found.policy, settings=settings))

        for module in (approving, publicity):
            monkeypatch.setattr(module, "policy_on", on)

    return change


@pytest.fixture
def grant(station: Station) -> Grant:
    year(station, 1, 75)
    derive()
    return grant_of(station, GrantKind.YEARLY, 1)


def step(grant: Grant, number: int, by: User) -> Grant:
    publicity.approve_step(grant_id=grant.pk, step=number, opinion="同意。", by=by)
    return reload(grant)


def test_设置不要求公示的_审核之后直接审批(desk: Desk, grant: Grant, configured: Configured) -> None:
    configured(grant_publicity_workdays=0)
    grant = desk.reviewed(grant)
    with pytest.raises(Refused, match="不要求公示"):
        publicity.prepare_notice(grant_ids=[grant.pk], by=desk.centre)
    assert desk.steps(grant).stage == Stage.APPROVED


def test_没有审批环节的_公示期满由系统审批完成(
    desk: Desk, grant: Grant, configured: Configured, travelled: time_machine.Coordinates
) -> None:
    configured(grant_approval_steps=())
    grant = desk.reviewed(grant)
    desk.published(grant)
    assert publicity.advance_due(by=User.objects.system()) == 0
    travelled.shift(dt.timedelta(days=20))
    assert publicity.advance_due(by=User.objects.system()) == 1
    assert publicity.advance_due(by=User.objects.system()) == 0
    found = reload(grant)
    assert (found.stage, found.fiscal_year) == (Stage.APPROVED, 2023)


def test_三步审批_逐步由三人办理(desk: Desk, grant: Grant, configured: Configured) -> None:
    configured(
        grant_publicity_workdays=0, grant_approval_steps=("BUREAU 分管领导审批", "BUREAU 局长审批", "FINANCE 财务审核")
    )
    grant = step(desk.reviewed(grant), 1, desk.leader)
    with pytest.raises(Refused, match="另一步"):
        step(grant, 2, desk.leader)
    other = factories.user(Role.BUREAU, organisation=desk.bureau.organisation, name="测试局长")
    assert step(grant, 2, other).stage == Stage.REVIEWED
    assert step(grant, 3, desk.finance).stage == Stage.APPROVED
    assert list(Approval.objects.order_by("step").values_list("label", flat=True)) == [
        "分管领导审批",
        "局长审批",
        "财务审核",
    ]
