"""Which version holds, and how sure that is (R-48)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date as d
from typing import Any

import pytest
from django.db import connection

from jinhua_labor.policy.load import versions
from jinhua_labor.policy.switches import PolicyExpiry, RunoffStraddle, VetoMode
from jinhua_labor.rulebook import Certainty, NoPolicy, PolicyOn, policy_on, policy_version
from jinhua_labor.rulebook.book import forget_book
from jinhua_labor.rulebook.models import Version
from tests.meta import rows_rulebook as rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _book() -> Iterator[None]:
    """Each test looks at its own rows, and leaves none to the next."""
    forget_book()
    yield
    forget_book()


@pytest.mark.parametrize(
    ("on", "certainty"),
    [
        pytest.param(d(2021, 1, 1), Certainty.CONFIRMED, id="施行首日"),
        pytest.param(d(2021, 2, 15), Certainty.CONFIRMED, id="成文前追溯"),
        pytest.param(d(2023, 12, 31), Certainty.CONFIRMED, id="试行期最后一天"),
        pytest.param(d(2024, 1, 1), Certainty.UNCONFIRMED, id="试行期满次日"),
        pytest.param(d(2023, 3, 31), Certainty.CONFIRMED, id="第一年度末日在期内"),
        pytest.param(d(2024, 3, 31), Certainty.UNCONFIRMED, id="第二年度末日在期后"),
    ],
)
def test_适用版本(on: d, certainty: Certainty) -> None:
    found = policy_on(on)
    assert (found.policy.id, found.certainty, found.on) == ("JD-2021-14", certainty, on)
    assert found.money_waits is (certainty is Certainty.UNCONFIRMED)
    assert not found.refuses_intake
    assert ("延期待确认" in found.notice) is (certainty is Certainty.UNCONFIRMED)


def test_施行前没有版本() -> None:
    with pytest.raises(NoPolicy, match="2021年1月1日"):
        policy_on(d(2020, 12, 31))


def reading(on: d, certainty: Certainty, **switches: Any) -> PolicyOn:
    return PolicyOn(replace(versions()[0], **switches), certainty, on)


@pytest.mark.parametrize(
    ("certainty", "refused"),
    [(Certainty.CONFIRMED, False), (Certainty.UNCONFIRMED, True)],
    ids=["期内照办", "期后停办"],
)
def test_停办读法只在期后拒绝受理(certainty: Certainty, refused: bool) -> None:
    found = reading(d(2024, 1, 1), certainty, policy_expiry=PolicyExpiry.BLOCK)
    assert found.refuses_intake is refused
    assert ("2023年12月31日" in found.notice) is refused


def test_期后资金照发的读法() -> None:
    found = reading(d(2024, 1, 1), Certainty.UNCONFIRMED, runoff_straddle=RunoffStraddle.PAY)
    assert not found.money_waits


# --- what the bureau recorded -----------------------------------------------------------------------------------------


def test_没有记录时就是文件本身() -> None:
    assert policy_on(d(2022, 1, 1)).policy is versions()[0]


def test_记录延期后到新的截止日都算确认_之后仍待确认() -> None:
    rows.extension(code="JD-2021-14-Y1")
    forget_book()
    assert [policy_on(day).certainty for day in (d(2024, 1, 1), d(2025, 12, 31), d(2026, 1, 1))] == [
        Certainty.CONFIRMED,
        Certainty.CONFIRMED,
        Certainty.UNCONFIRMED,
    ]
    assert policy_on(d(2024, 3, 31)).money_waits is False
    found = policy_on(d(2024, 3, 31)).policy
    assert (found.id, found.effective_to) == ("JD-2021-14", d(2025, 12, 31))
    assert "2025年12月31日" in policy_on(d(2026, 1, 1)).notice


def test_撤销的延期不起作用() -> None:
    rows.withdrawn(**rows.EXTENDING)
    forget_book()
    assert policy_on(d(2024, 1, 1)).certainty is Certainty.UNCONFIRMED


@pytest.mark.parametrize(
    ("on", "mode"),
    [
        pytest.param(d(2022, 5, 31), VetoMode.ANY_ACCIDENT, id="前一日仍按旧读法"),
        pytest.param(d(2022, 6, 1), VetoMode.TOGETHER, id="当日起按新读法"),
        pytest.param(d(2024, 6, 1), VetoMode.TOGETHER, id="以后一直如此"),
    ],
)
def test_改读法自生效日起_年度末日在前的仍按旧读法(on: d, mode: VetoMode) -> None:
    """R-49 b): the last day of the period selects the version of an assessment."""
    rows.confirmed(doc_date=d(2022, 5, 1), confirmed_on=d(2022, 5, 2), valid_from=d(2022, 6, 1), code="JD-2021-14-K1")
    forget_book()
    assert policy_on(on).policy.veto_mode is mode
    assert policy_version("JD-2021-14").veto_mode is VetoMode.ANY_ACCIDENT
    assert policy_version("JD-2021-14-K1").veto_mode is VetoMode.TOGETHER


def test_草稿和待确认的都不起作用() -> None:
    rows.draft(valid_from=d(2022, 6, 1))
    rows.submitted(valid_from=d(2022, 6, 1))
    forget_book()
    assert policy_on(d(2022, 6, 1)).policy is versions()[0]


def test_没有这个编号的版本() -> None:
    with pytest.raises(NoPolicy, match="JD-9999-1"):
        policy_version("JD-9999-1")


def test_一秒内不再问数据库_确认后立即看得到(django_assert_num_queries: Any) -> None:
    policy_on(d(2024, 1, 1))
    with django_assert_num_queries(0):
        for _ in range(50):
            policy_on(d(2024, 1, 1))
    with django_assert_num_queries(1):
        forget_book()
        policy_on(d(2024, 1, 1))


def test_另一进程确认的_下一次查看时看得到(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is forgotten by hand here: the stamp of the table alone tells."""
    assert policy_on(d(2024, 1, 1)).certainty is Certainty.UNCONFIRMED
    rows.extension()
    monkeypatch.setattr("jinhua_labor.rulebook.book._CHECK_SECONDS", 0)
    assert policy_on(d(2024, 1, 1)).certainty is Certainty.CONFIRMED
    Version.objects.update(
        state="WITHDRAWN", withdrawn_by=rows._official(), withdrawn_at=rows.NOW, withdrawn_on=rows.DAY,
        withdrawn_reason="理由",
    )  # fmt: skip
    assert policy_on(d(2024, 1, 1)).certainty is Certainty.UNCONFIRMED


def test_记录前后同一版本是同一个对象() -> None:
    """Two versions with the same numbers are still two versions, so what stayed the same must stay one."""
    rows.confirmed(valid_from=d(2030, 1, 1), code="JD-2021-14-K1")
    forget_book()
    first = policy_on(d(2030, 1, 1)).policy
    forget_book()
    assert policy_on(d(2030, 1, 1)).policy is first
    assert policy_on(d(2029, 12, 31)).policy is versions()[0]


def test_没有数据表时按文件(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jinhua_labor.rulebook.book._table_there", False)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE rulebook_version RENAME TO rulebook_elsewhere")
    assert policy_on(d(2022, 1, 1)).policy is versions()[0]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE rulebook_elsewhere RENAME TO rulebook_version")


def test_引用这个包不连数据库() -> None:
    """Settings, checks and migrations import it before there is a database."""
    code = "import jinhua_labor.rulebook, jinhua_labor.rulebook.rules"
    subprocess.run([sys.executable, "-c", code], check=True, env={"DATABASE_URL": "", "PATH": ""})
