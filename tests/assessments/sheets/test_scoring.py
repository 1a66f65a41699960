"""Scoring line by line (R-29, R-50): computed lines filled, overrides with their grounds, stale saves, two people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, LineEvidence, Sheet
from assessments.sheets.enums import Stage
from assessments.sheets.queries.sheet import others_on
from assessments.sheets.services import opening, scoring, self_assessment
from assessments.sheets.services.scoring import Entry, StaleLine
from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.models import Message
from stations.registry.models import Station
from tests import factories
from tests.assessments.sheets.build import clerk, entry, give, opened, scored, scoring_now
from tests.meta import rows
from tests.stations.oversight.build import key
from tests.stations.roster.station import station as made_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(operator_user: User) -> Station:
    return made_station(operator_user)


@pytest.fixture
def sheet(station: Station, operator_user: User) -> Sheet:
    return scoring_now(station, operator_user)


def test_提交自评即开始评分_系统分已填(centre_clerk: User, sheet: Sheet, operator_user: User) -> None:
    assert sheet.assessment.stage == Stage.SCORING
    assert sheet.opened_by == User.objects.system()
    lines = {line.code: line for line in sheet.lines.all()}
    assert len(lines) == 13
    assert sum(line.weight for line in lines.values()) == 100
    assert {code for code, line in lines.items() if line.given is None} == {"A1", "A2", "B1", "D1"}
    assert lines["B2"].given == lines["B2"].computed == 5  # G-24: nobody delivered, nobody without a contract
    assert lines["A3"].computed == 0  # no 专人
    assert Message.objects.filter(user=centre_clerk, subject__contains="待评分").exists()
    again = self_assessment.submit(assessment_id=sheet.assessment_id, text="全年平稳。", by=operator_user)
    assert again.sheets.count() == 1


def test_没有提交自评的到期直接评分(station: Station) -> None:
    year = opened(station)
    system = User.objects.system()
    assert opening.begin_due(day=year.self_due_on, by=system) == 0
    late = max(year.self_due_on, today()) + dt.timedelta(days=1)
    assert opening.begin_due(day=late, by=system) >= 1
    year.refresh_from_db()
    assert year.stage == Stage.SCORING


def test_改分须有理由和佐证_系统分并列(sheet: Sheet, centre_clerk: User) -> None:
    with pytest.raises(Refused) as refusal:
        give(sheet, "B2", centre_clerk, Entry(points=Decimal(3)))
    assert [where for _, where in refusal.value.problems] == ["#id_B2_reason", "#id_B2_files"]
    done = give(sheet, "B2", centre_clerk, Entry(points=Decimal(3), reason="抽查两份缺失", uploads=(factories.png(),)))
    assert (done.given, done.computed, done.given_by) == (3, 5, centre_clerk)
    assert done.evidence.get().attachment.audience == "OFFICE"


def test_旧页面的保存被拒绝_两个值都在(sheet: Sheet, centre_clerk: User) -> None:
    other = clerk()
    version = sheet.lines.get(code="A1").version
    give(sheet, "A1", other)
    with pytest.raises(StaleLine) as refusal:
        scoring.save_line(
            sheet_id=sheet.pk,
            code="A1",
            entry=Entry(parts=(True, True), reason="当面核实"),
            version=version,
            by=centre_clerk,
        )
    assert refusal.value.line.given == 0
    assert other.name in refusal.value.message
    assert sheet.lines.get(code="A1").given_by == other


def test_同一次点击两次只算一次(sheet: Sheet, centre_clerk: User) -> None:
    version = sheet.lines.get(code="D1").version
    for _ in range(2):
        scoring.save_line(sheet_id=sheet.pk, code="D1", entry=entry("D1"), version=version, by=centre_clerk)
    assert sheet.lines.get(code="D1").version == version + 1


def test_站点报送的材料可以作佐证_别的不行(station: Station, operator_user: User, centre_clerk: User) -> None:
    year = opened(station)
    paper = self_assessment.add(
        assessment_id=year.pk, code="D1", text="做法获推广", upload=factories.png(), by=operator_user, key=key()
    )
    self_assessment.submit(assessment_id=year.pk, text="", by=operator_user)
    sheet = Sheet.objects.get(assessment=year)
    with pytest.raises(Refused):
        give(sheet, "D1", centre_clerk, Entry(points=Decimal(6), reason="区级推广", papers=(key(),)))
    assert paper.attachment_id is not None
    done = give(sheet, "D1", centre_clerk, Entry(points=Decimal(6), reason="区级推广", papers=(paper.attachment_id,)))
    assert done.given == 6
    assert done.evidence.get().attachment_id == paper.attachment_id


def test_移除佐证之后须重新评分(sheet: Sheet, centre_clerk: User) -> None:
    give(sheet, "D1", centre_clerk, Entry(points=Decimal(3), reason="本地做法", uploads=(factories.png(),)))
    found = LineEvidence.objects.get(line__sheet=sheet)
    line = scoring.remove_evidence(sheet_id=sheet.pk, evidence_id=found.pk, by=centre_clerk)
    assert (line.given, line.given_by) == (None, None)
    with pytest.raises(Conflict, match="已经移除"):
        scoring.remove_evidence(sheet_id=sheet.pk, evidence_id=found.pk, by=centre_clerk)


def test_更新计分事实_改过的不变(sheet: Sheet, station: Station, centre_clerk: User) -> None:
    give(sheet, "B2", centre_clerk, Entry(points=Decimal(3), reason="抽查", uploads=(factories.png(),)))
    rows.liaison(station=station, name="测试甲", phone="0579-82190000", since=station.established_on)
    scoring.refresh(sheet_id=sheet.pk, by=centre_clerk)
    lines = {line.code: line for line in sheet.lines.all()}
    assert (lines["A3"].computed, lines["A3"].given) == (5, 5)
    assert lines["B2"].given == 3
    assert lines["A1"].given is None


def test_只有中心能评分_阶段之外不能(sheet: Sheet, operator_user: User, bureau_official: User) -> None:
    for stranger in (operator_user, bureau_official):
        with pytest.raises(PermissionDenied):
            give(sheet, "D1", stranger)
        with pytest.raises(PermissionDenied):
            scoring.refresh(sheet_id=sheet.pk, by=stranger)
    type(sheet.assessment).objects.filter(pk=sheet.assessment_id).update(stage=Stage.CHECKING)
    with pytest.raises(Conflict, match="请刷新"):
        give(sheet, "D1", clerk())


def test_两个人打开同一张表互相看见(sheet: Sheet, centre_clerk: User) -> None:
    other = clerk()
    scoring.seen(sheet=sheet, by=other)
    scoring.seen(sheet=sheet, by=other)
    assert others_on(sheet, centre_clerk) == [other.name]
    assert others_on(sheet, other) == []


class Test页面:
    @pytest.mark.parametrize("accidents", [0, 1])
    def test_有一种读法否决时三种并列(
        self, accidents: int, sheet: Sheet, client_for: Callable[[User], Client], centre_clerk: User
    ) -> None:
        facts = dict(sheet.facts or {})
        facts["safety"] = {"accidents": accidents, "verified": 0, "received": 0}
        Sheet.objects.filter(pk=sheet.pk).update(facts=facts)
        text = client_for(centre_clerk).get(sheet.get_absolute_url()).content.decode()
        assert ("一票否决的三种读法" in text) is bool(accidents)
        assert ("（现行口径）" in text) is bool(accidents)

    def test_逐项保存_错误时原文保留(
        self, sheet: Sheet, client_for: Callable[[User], Client], centre_clerk: User
    ) -> None:
        client = client_for(centre_clerk)
        url = reverse("assessments:line", args=[sheet.pk, "B2"])
        version = sheet.lines.get(code="B2").version
        answer = client.post(url, {"version": version, "points": "3", "reason": "抽查两份缺失"})
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "抽查两份缺失" in text
        assert "请附佐证材料" in text
        answer = client.post(
            url, {"version": version, "points": "3", "reason": "抽查两份缺失", "files": [factories.png()]}
        )
        assert answer.status_code == 302
        answer = client.post(url, {"version": version, "points": "4", "reason": "另一个值", "files": [factories.png()]})
        assert answer.status_code == 409
        assert "另一个值" in answer.content.decode()
        assert "没有覆盖" in answer.content.decode()

    def test_站点在复核之前看不到评估表(
        self, sheet: Sheet, client_for: Callable[[User], Client], operator_user: User
    ) -> None:
        client = client_for(operator_user)
        assert client.get(sheet.get_absolute_url()).status_code == 404
        page = client.get(sheet.assessment.get_absolute_url())
        assert page.status_code == 200
        assert "中心评分中" in page.content.decode()

    @pytest.mark.parametrize("stage", [Stage.SCORING, Stage.CHECKING])
    def test_站点的列表不说中心办到哪一步(
        self, stage: Stage, sheet: Sheet, client_for: Callable[[User], Client], operator_user: User
    ) -> None:
        Assessment.objects.filter(pk=sheet.assessment_id).update(stage=stage)
        page = client_for(operator_user).get(reverse("assessments:list"), {"stage": "SCORING"}).content.decode()
        assert "中心评分中（1）" in page
        assert "待复核" not in page
        assert str(sheet.assessment_id) in page

    def test_评完显示结果和奖励(self, sheet: Sheet, client_for: Callable[[User], Client], centre_clerk: User) -> None:
        scored(sheet, centre_clerk)
        text = client_for(centre_clerk).get(sheet.get_absolute_url()).content.decode()
        assert "十三项都已评分" in text
        assert "全年没有计入的输送人员" in text
