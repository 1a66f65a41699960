"""试算 of a draft over the finished years: from the snapshots, counted again where 第一条 changes, deciding nothing."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from assessments.models import Assessment, Sheet
from assessments.sheets.queries.recounting import recounted
from assessments.sheets.queries.whatif import what_if
from assessments.sheets.rules.facts import SheetFacts
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.policy.types import Policy
from jinhua_labor.rulebook.book import forget_book
from jinhua_labor.rulebook.enums import Kind
from jinhua_labor.rulebook.models import Version
from stations.roster.models import Delivery
from tests.meta import rows, rows_rulebook
from tests.queries import queries

from .test_verify import behind, confirmed

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
TODAY = dt.date(2024, 1, 15)


@pytest.fixture(autouse=True)
def _january(settings: Any) -> Iterator[None]:
    """A day on which the first year of the station is long final, with the rulebook's own rows only."""
    settings.PORTAL_TODAY = TODAY
    forget_book()
    yield
    forget_book()


def final(policy: Policy) -> Sheet:
    """A confirmed sheet whose result is final: eight people counted, fewer than 60 points."""
    sheet = confirmed(policy)
    Sheet.objects.filter(pk=sheet.pk).update(notice=rows.published(), final_on=dt.date(2023, 5, 30))
    Assessment.objects.filter(pk=sheet.assessment_id).update(stage="FINAL", final_on=dt.date(2023, 5, 30))
    sheet.refresh_from_db()
    return sheet


@pytest.fixture
def sheet(policy: Policy) -> Sheet:
    return final(policy)


def draft(changes: dict[str, Any], **fields: Any) -> Version:
    """A successor draft that changes so much."""
    values: dict[str, Any] = {
        "kind": Kind.SUCCESSOR,
        "valid_from": dt.date(2024, 2, 1),
        "effective_to": dt.date(2026, 12, 31),
        "changes": changes,
    }
    return rows_rulebook.draft(**{**values, **fields})


TIERS = {"tiers": [{"floor": 30, "amount": 10_000}, {"floor": 90, "amount": 90_000}]}
PASS_AT_30 = {"pv": {"pass_score": {"value": 30}}}


def page_of(client: Client, version: Version) -> BeautifulSoup:
    response = client.get(reverse("assessments:whatif", args=[version.pk]))
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


class Test页面:
    def test_从草稿页进入(self, client_for: SignIn, sheet: Sheet, bureau_official: User) -> None:
        version = draft(TIERS | PASS_AT_30)
        page = client_for(bureau_official).get(version.get_absolute_url()).content.decode()
        assert reverse("assessments:whatif", args=[version.pk]) in page

    def test_改合格线和档次_逐站前后_合计(self, client_for: SignIn, sheet: Sheet, bureau_official: User) -> None:
        before = Sheet.objects.values().get(pk=sheet.pk)
        page = page_of(client_for(bureau_official), draft(TIERS | PASS_AT_30))
        row = page.select_one("table.what-if tbody tr")
        assert row is not None
        cells = [cell.get_text(" ", strip=True) for cell in row.select("th,td")]
        assert cells[0].startswith(sheet.assessment.station.name)
        assert cells[2] == "不合格 → 合格"
        assert cells[3:6] == ["0 元", "10,000 元", "+10,000 元"]
        foot = page.select_one("table.what-if tfoot")
        assert foot is not None
        assert "合格 0 → 1" in foot.get_text(" ", strip=True)
        assert Sheet.objects.values().get(pk=sheet.pk) == before

    def test_没有修改的草稿什么也不变(self, client_for: SignIn, sheet: Sheet, auditor: User) -> None:
        page = page_of(client_for(auditor), draft({}))
        assert "其中有变化 0 个" in page.get_text(" ", strip=True)

    @pytest.mark.parametrize("who", ["operator_user", "association", "finance"])
    def test_别的角色没有这一页(self, who: str, client_for: SignIn, request: pytest.FixtureRequest) -> None:
        client = client_for(request.getfixturevalue(who))
        assert client.get(reverse("assessments:whatif", args=[draft({}).pk])).status_code == 403

    def test_没有通过校验的草稿说明原因(self, client_for: SignIn, sheet: Sheet, bureau_official: User) -> None:
        wrong = draft({"indicators": {"C3": {"weight": 11}}})
        page = client_for(bureau_official).get(reverse("assessments:whatif", args=[wrong.pk]))
        assert "草稿还没有通过校验" in page.content.decode()
        assert client_for(bureau_official).post(
            reverse("assessments:whatif_export", args=[wrong.pk])
        ).status_code == 422  # fmt: skip

    def test_还没有结果也说清楚(self, client_for: SignIn, bureau_official: User) -> None:
        assert "还没有已确定的年度评估结果" in page_of(client_for(bureau_official), draft({})).get_text()

    def test_看不到快照的年度单列(self, client_for: SignIn, sheet: Sheet, bureau_official: User) -> None:
        behind("UPDATE assessments_sheet SET snapshot = '{}' WHERE id = %s", sheet.pk)
        assert "1个年度的快照不能试算" in page_of(client_for(bureau_official), draft({})).get_text()

    def test_不能从快照试算的修改说明(self, client_for: SignIn, sheet: Sheet, bureau_official: User) -> None:
        words = {"value": "FIRST", "reading": "只计第一主办。"}
        page = page_of(client_for(bureau_official), draft({"pv": {"joint_activity": words}}))
        assert "这些修改不能从快照试算" in page.get_text()
        assert "联合" in page.get_text()

    def test_导出与页面相同_记入日志(self, client_for: SignIn, sheet: Sheet, bureau_official: User) -> None:
        version = draft(TIERS | PASS_AT_30)
        sent = client_for(bureau_official).post(reverse("assessments:whatif_export", args=[version.pk]))
        book = load_workbook(io.BytesIO(sent.content)).active
        assert book is not None
        lines = [[cell.value for cell in row] for row in book.iter_rows(min_row=4)]
        assert lines[0][0] == sheet.assessment.station.name
        assert lines[0][5:10] == ["不合格", "合格", 0, 10_000, 10_000]
        assert lines[-1][0] == "合计1个"
        assert AuditEntry.objects.filter(action="policy.what_if_export", object_id=str(version.pk)).count() == 1


class Test重新计数:
    def test_同一口径按现在的行数与冻结的相同(self, policy: Policy, sheet: Sheet) -> None:
        """What is stored was counted by hand in this test; only what the pass over the rows changes would differ."""
        facts = SheetFacts.from_json(sheet.snapshot["facts"])  # type: ignore[index]
        statuses = dict(Delivery.objects.values_list("pk", "status"))
        again = recounted(sheet.assessment, facts, draft=policy, day=TODAY)
        assert dict(Delivery.objects.values_list("pk", "status")) == statuses, "试算不改动名册"
        assert again.activities == facts.activities
        assert again.as_of == TODAY

    def test_改第一条的定义_标明重新计数(
        self, client_for: SignIn, sheet: Sheet, bureau_official: User, django_assert_num_queries: Any
    ) -> None:
        version = draft({"pv": {"min_si_months": {"value": 3}}})
        page = page_of(client_for(bureau_official), version)
        assert "人数按现在的名册重新计数" in page.get_text()
        row = page.select_one("table.what-if tbody tr")
        assert row is not None
        assert "重新计数" in row.get_text()

    def test_技术技能的口径也重新计数(self, policy: Policy, read_as: Callable[..., Policy], sheet: Sheet) -> None:
        user = rows_rulebook._official()
        found = what_if(read_as(tech_min_skill_level=3), user=user, day=TODAY)
        assert found is not None
        assert (found.definition, [line.recounted for line in found.lines]) == (True, [True])

    def test_只改计分的从快照_不读名册(self, policy: Policy, read_as: Callable[..., Policy], sheet: Sheet) -> None:
        user = rows_rulebook._official()
        asked = queries(lambda: what_if(read_as(pass_score=50), user=user, day=TODAY))
        assert not [sql for sql in asked if "stations_delivery" in sql]

    def test_太多行的不在页面上计数(
        self, monkeypatch: pytest.MonkeyPatch, read_as: Callable[..., Policy], sheet: Sheet
    ) -> None:
        monkeypatch.setattr("assessments.sheets.queries.whatif.RECOUNT_MOST", 3)
        found = what_if(read_as(min_si_months=3), user=rows_rulebook._official(), day=TODAY)
        assert found is not None
        assert found.rows > 3
        assert not any(line.recounted for line in found.lines)


def test_更多的站不多查询(policy: Policy, read_as: Callable[..., Policy]) -> None:
    """From the snapshots: the same number of queries for one station and for four."""
    user, read = rows_rulebook._official(), read_as(pass_score=50)
    final(policy)
    few = len(queries(lambda: what_if(read, user=user, day=TODAY)))
    for _ in range(3):
        final(policy)
    assert len(queries(lambda: what_if(read, user=user, day=TODAY))) == few


def test_默认是最近一个结束的年份_可选别的(policy: Policy) -> None:
    first = final(policy)
    user = rows_rulebook._official()
    assert user.role == Role.BUREAU
    found = what_if(policy, user=user, day=TODAY)
    assert found is not None
    assert (found.year, found.years) == (first.assessment.ends_on.year, (2023,))
    assert what_if(policy, user=user, day=TODAY, year=2019).year == 2023  # type: ignore[union-attr]
