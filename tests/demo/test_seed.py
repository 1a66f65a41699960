"""Seeding: where it is refused, that it leaves nothing when it fails, on which days it works; the moved clock."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from jinhua_labor.accounts.models import Organisation
from jinhua_labor.core import clock
from jinhua_labor.core.errors import Refused
from jinhua_labor.demo import accounts, services
from jinhua_labor.demo.days import ago, at
from jinhua_labor.review.models import Review
from jinhua_labor.review.states import State
from stations.roster.enums import ReasonCode
from stations.roster.models import Delivery


def test_正式环境拒绝写入演示数据(db: None, settings: Any) -> None:
    settings.LOCAL = False
    with pytest.raises(Refused, match="本机"):
        services.seed()
    call_command("seed_demo", if_empty=True, skip_checks=True)
    assert not Organisation.objects.exists()


def test_没有演示数据就不列账号(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo_accounts", skip_checks=True)
    assert capsys.readouterr().out == ""


def test_中途出错则什么也不留(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    def stumble(**_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(accounts, "latecomer", stumble)
    monkeypatch.setattr("jinhua_labor.demo.story.Story.lapsed", lambda _: stumble())
    with pytest.raises(RuntimeError):
        services.seed()
    assert not Organisation.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert timezone.now() - dt.datetime.now(dt.UTC) < dt.timedelta(seconds=5)


@pytest.mark.slow
@pytest.mark.parametrize(
    "base",
    [dt.date(2026, 2, 22), dt.date(2026, 10, 8), dt.date(2027, 1, 3), dt.date(2028, 2, 29)],
    ids=["春节假期中", "国庆后第一天", "跨年的周日", "闰日"],
)
def test_任何一天都能写入(db: None, base: dt.date) -> None:
    services.seed(base=base)
    assert set(Review.objects.values_list("state", flat=True)) == set(State)
    stored = {code for codes in Delivery.objects.values_list("codes", flat=True) for code in codes}
    assert stored == set(ReasonCode) - {ReasonCode.E01, ReasonCode.E05, ReasonCode.E16}


# --- the moved clock --------------------------------------------------------------------------------------------------


def test_两个时钟一起移动_之后复原() -> None:
    with at(dt.date(2021, 6, 15), 9, 30):
        assert clock.today() == dt.date(2021, 6, 15)
        assert timezone.localdate() == dt.date(2021, 6, 15)
        assert abs(timezone.now() - clock.now()) < dt.timedelta(seconds=1)
        assert timezone.is_aware(timezone.now())
        assert Review._meta.get_field("created_at").get_default().year == 2021
    assert abs(timezone.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=5)


def test_正式环境时钟不能移动(settings: Any) -> None:
    settings.LOCAL = False
    with pytest.raises(RuntimeError), at(dt.date(2021, 6, 15)):
        pass


@pytest.mark.parametrize(
    ("workdays", "base", "expected"),
    [
        (0, dt.date(2026, 11, 24), dt.date(2026, 11, 24)),
        (0, dt.date(2026, 11, 22), dt.date(2026, 11, 20)),
        (1, dt.date(2026, 11, 23), dt.date(2026, 11, 20)),
        (3, dt.date(2021, 10, 9), dt.date(2021, 9, 29)),
    ],
    ids=["当天", "周日退到周五", "周一的前一个工作日", "跨国庆假期和调休"],
)
def test_倒推工作日(db: None, workdays: int, base: dt.date, expected: dt.date) -> None:
    assert ago(workdays, base=base) == expected
