"""The pages of 优秀站点 in each role, their forms, what the public sees, what runs by itself."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from assessments import tasks
from assessments.excellent.enums import CandidateStage, TitleState
from assessments.excellent.models import Candidate, LedgerSight, Round, Title
from assessments.sheets.enums import Stage
from jinhua_labor.accounts.models import User
from jinhua_labor.dashboard.queries.todo import todo
from jinhua_labor.notices import services as notices
from jinhua_labor.notices.models import Notice
from stations.registry.enums import StationState
from stations.registry.models import Station
from tests.meta import rows, rows_assessment
from tests.stations.oversight.build import running

from .build import AFTER, CLOSED, CUTOFF, approved, document, final_year, published, screened, standing

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def text_of(response: Any) -> str:
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def actions_of(response: Any) -> set[str]:
    page = BeautifulSoup(response.content, "html.parser")
    return {str(form["action"]) for form in page.select("form[method=post][action]")}


def step(row: Candidate, name: str) -> str:
    return reverse(f"excellent:candidate_{name}", args=[row.pk])


def of_review(row: Candidate) -> dict[str, Any]:
    row.review.refresh_from_db()
    return {"key": uuid.uuid4(), "version": row.review.version}


class Test评选:
    def test_局启动一轮(self, client_for: SignIn, bureau_official: User) -> None:
        said = {"year": 2023, "cutoff": "2023-10-31", "apply_until": "2023-11-15", "quota": "", "remark": "首轮"}
        sent = client_for(bureau_official).post(reverse("excellent:rounds"), said)
        assert sent["Location"] == Round.objects.get().get_absolute_url()

    def test_未满两年不能启动_填的还在(self, client_for: SignIn, bureau_official: User, round_: Round) -> None:
        said = {"year": 2024, "cutoff": "2024-10-31", "apply_until": "2024-11-15", "remark": "第二轮说明"}
        page = client_for(bureau_official).post(reverse("excellent:rounds"), said)
        assert page.status_code == 422
        assert "2025年才能再次启动" in text_of(page)
        assert "第二轮说明" in page.content.decode()

    def test_别的角色提交是403的页面(self, client_for: SignIn, centre_clerk: User, operator_user: User) -> None:
        for user in (centre_clerk, operator_user):
            page = client_for(user).post(reverse("excellent:rounds"), {"year": 2023})
            assert page.status_code == 403
            assert "您的角色不能办理" in text_of(page)
        assert not Round.objects.exists()

    def test_单位申报_中心看得到(
        self, client_for: SignIn, round_: Round, station: Station, operator_user: User, centre_clerk: User
    ) -> None:
        said = {"key": uuid.uuid4(), "station": station.pk, "statement": "两年输送600人。"}
        sent = client_for(operator_user).post(reverse("excellent:stand", args=[round_.pk]), said)
        assert sent.status_code == 302
        assert station.name in text_of(client_for(centre_clerk).get(round_.get_absolute_url()))

    def test_没写事迹的申报退回原页(
        self, client_for: SignIn, round_: Round, station: Station, operator_user: User
    ) -> None:
        said = {"key": uuid.uuid4(), "station": station.pk, "statement": ""}
        page = client_for(operator_user).post(reverse("excellent:stand", args=[round_.pk]), said)
        assert page.status_code == 422
        assert BeautifulSoup(page.content, "html.parser").select_one(f'option[value="{station.pk}"][selected]')

    def test_别人的候选不在单位的名单里(
        self, client_for: SignIn, round_: Round, station: Station, operator_user: User, stranger_operator: User
    ) -> None:
        row = standing(round_, station, operator_user)
        client = client_for(stranger_operator)
        assert station.name not in text_of(client.get(round_.get_absolute_url()))
        assert client.get(row.get_absolute_url()).status_code == 404

    def test_申报截止之后才能拟公示稿(
        self, client_for: SignIn, round_: Round, station: Station, operator_user: User, centre_clerk: User,
        bureau_official: User,
    ) -> None:  # fmt: skip
        approved(round_, station, operator_user, centre_clerk, bureau_official)
        publish = reverse("excellent:publish", args=[round_.pk])
        client = client_for(centre_clerk)
        assert publish not in actions_of(client.get(round_.get_absolute_url()))
        with time_machine.travel(CLOSED, tick=False):
            client = client_for(centre_clerk)
            assert publish in actions_of(client.get(round_.get_absolute_url()))
            sent = client.post(publish)
        notice = Notice.objects.get(kind="EXCELLENT")
        assert sent["Location"] == reverse("notices:desk", args=[notice.pk])
        assert station.name in notice.body

    def test_期满登记认定文件_文号不对的说明在栏目旁(
        self, client_for: SignIn, round_: Round, station: Station, operator_user: User, centre_clerk: User,
        bureau_official: User,
    ) -> None:  # fmt: skip
        approved(round_, station, operator_user, centre_clerk, bureau_official)
        published(round_, centre_clerk, bureau_official)
        target = reverse("excellent:recognise", args=[round_.pk])
        with time_machine.travel(AFTER, tick=False):
            client = client_for(bureau_official)
            said = {"doc_no": "第八十八号", "issued_on": "2023-12-20"}
            assert client.post(target, said | {"upload": document()}).status_code == 422
            sent = client.post(target, said | {"doc_no": "金东人社〔2023〕88号", "upload": document()})
        assert sent.status_code == 302
        assert Title.objects.get().station == station

    @pytest.mark.parametrize("kind", ["pdf", "docx", "exe"])
    def test_认定文件稿(
        self, kind: str, client_for: SignIn, round_: Round, station: Station, operator_user: User, centre_clerk: User,
        bureau_official: User, auditor: User,
    ) -> None:  # fmt: skip
        approved(round_, station, operator_user, centre_clerk, bureau_official)
        for user in (bureau_official, auditor):
            page = client_for(user).get(reverse("excellent:document", args=[round_.pk, kind]))
            assert page.status_code == (404 if kind == "exe" else 200)


class Test候选:
    def test_每年一份台账表单_各自的编号(
        self, client_for: SignIn, round_: Round, operator_user: User, centre_clerk: User
    ) -> None:
        place = running(operator_user, established_on=dt.date(2021, 6, 1), term_to=dt.date(2028, 5, 31))
        years = [final_year(place, number) for number in (1, 2)]
        row = standing(round_, place, operator_user)
        client = client_for(centre_clerk)
        page = BeautifulSoup(client.get(row.get_absolute_url()).content, "html.parser")
        ids = [str(one["id"]) for one in page.select("[id]")]
        assert len(ids) == len(set(ids))
        target = reverse("excellent:candidate_ledger", args=[row.pk, years[1].pk])
        wrong = client.post(target, {"seen_on": "2023-10-30", "gaps": ["L3"], "note": ""})
        assert wrong.status_code == 422
        forms = BeautifulSoup(wrong.content, "html.parser").select('form[action*="/ledger/"]')
        assert [bool(form.select("input[checked]")) for form in forms] == [False, True]
        assert client.post(target, {"seen_on": "2023-10-30", "gaps": [], "note": ""}).status_code == 302
        assert LedgerSight.objects.get().assessment == years[1]

    def test_单位看不到台账核对的记录_看得到四项标准(
        self, client_for: SignIn, round_: Round, station: Station, operator_user: User, centre_clerk: User
    ) -> None:
        row = standing(round_, station, operator_user)
        told = text_of(client_for(operator_user).get(row.get_absolute_url()))
        assert "四项标准" in told
        assert "台账实地核对" not in told
        assert "台账实地核对" in text_of(client_for(centre_clerk).get(row.get_absolute_url()))

    def test_初审_不符合的说明哪一年差在哪里(
        self, client_for: SignIn, round_: Round, operator_user: User, centre_clerk: User
    ) -> None:
        place = running(operator_user, established_on=dt.date(2021, 6, 1), term_to=dt.date(2028, 5, 31))
        final_year(place, 1)
        final_year(place, 2, counted=299)
        row = standing(round_, place, operator_user)
        said = {**of_review(row), "recommendation": "AGREE", "opinion": "四项标准均符合，同意。"}
        page = client_for(centre_clerk).post(step(row, "screen"), said)
        assert page.status_code == 422
        assert "第2年度：输送299人" in text_of(page)
        assert "四项标准均符合，同意。" in page.content.decode()

    def test_审核_退回_不入选(
        self, client_for: SignIn, round_: Round, station: Station, operator_user: User, centre_clerk: User,
        bureau_official: User,
    ) -> None:  # fmt: skip
        row, client = screened(round_, station, operator_user, centre_clerk), client_for(bureau_official)
        assert {step(row, name) for name in ("approve", "back", "reject")} <= actions_of(
            client.get(row.get_absolute_url())
        )
        assert client.post(step(row, "reject"), of_review(row) | {"reason": ""}).status_code == 422
        assert client.post(step(row, "approve"), of_review(row) | {"opinion": "同意入选。"}).status_code == 302
        row.refresh_from_db()
        assert row.stage == CandidateStage.APPROVED

    def test_从名单中除去(
        self, client_for: SignIn, round_: Round, station: Station, operator_user: User, centre_clerk: User,
        bureau_official: User,
    ) -> None:  # fmt: skip
        row = approved(round_, station, operator_user, centre_clerk, bureau_official)
        client = client_for(bureau_official)
        assert step(row, "strike") in actions_of(client.get(row.get_absolute_url()))
        assert client.post(step(row, "strike"), {"reason": "异议成立。"}).status_code == 302
        row.refresh_from_db()
        assert row.stage == CandidateStage.REJECTED
        assert "异议成立" in text_of(client_for(operator_user).get(row.get_absolute_url()))

    def test_单位撤回(self, client_for: SignIn, round_: Round, station: Station, operator_user: User) -> None:
        row = standing(round_, station, operator_user)
        assert client_for(operator_user).post(step(row, "withdraw")).status_code == 302
        row.refresh_from_db()
        assert row.stage == CandidateStage.WITHDRAWN


class Test公开:
    def test_名单_工作站页_名录的入口(self, client: Client, title: Title, station: Station) -> None:
        listed = client.get(reverse("excellent:public"))
        assert station.name in text_of(listed)
        assert reverse("registry:entry", args=[station.pk]) in listed.content.decode()
        assert reverse("excellent:public") in client.get(reverse("registry:directory")).content.decode()
        entry = text_of(client.get(reverse("registry:entry", args=[station.pk])))
        assert "优秀站点 2023年12月20日认定，金东人社〔2023〕88号" in entry

    def test_没有称号的不显示(self, client: Client, station: Station) -> None:
        assert "优秀站点" not in text_of(client.get(reverse("registry:entry", args=[station.pk])))
        assert "目前没有优秀站点" in text_of(client.get(reverse("excellent:public")))

    def test_期限届满的列名不给链接_取消资格的不再列出(self, client: Client, title: Title, station: Station) -> None:
        Station.objects.filter(pk=station.pk).update(state=StationState.EXPIRED)
        page = client.get(reverse("excellent:public"))
        assert station.name in text_of(page)
        assert reverse("registry:entry", args=[station.pk]) not in page.content.decode()
        Station.objects.filter(pk=station.pk).update(state=StationState.REVOKED)
        assert station.name not in text_of(client.get(reverse("excellent:public")))


class Test自动办理:
    def test_复核期到了自己开始_列在中心的待办里(self, title: Title, centre_clerk: User) -> None:
        with time_machine.travel("2025-10-20 09:00 +08:00", tick=False):
            tasks.titles_due(timestamp=0)
            assert not title.reverifications.exists()
        with time_machine.travel("2025-10-21 09:00 +08:00", tick=False):
            tasks.titles_due(timestamp=0)
            tasks.titles_due(timestamp=1)
            row = title.reverifications.get()
            assert row.get_absolute_url() in {task.url for task in todo(centre_clerk).tasks}

    def test_取消资格的称号失效_不再复核(self, title: Title, station: Station) -> None:
        Station.objects.filter(pk=station.pk).update(state=StationState.REVOKED)
        with time_machine.travel("2025-12-20 09:00 +08:00", tick=False):
            tasks.titles_due(timestamp=0)
        title.refresh_from_db()
        assert (title.state, title.ended_on) == (TitleState.LAPSED, dt.date(2025, 12, 20))
        assert not title.reverifications.exists()

    def test_公示期满没有异议的结果自己确定(self, centre_clerk: User, bureau_official: User) -> None:
        year = rows_assessment.assessment(stage=Stage.CONFIRMED)
        notice = rows.published(ends_on=CUTOFF)
        rows_assessment.confirmed(assessment=year, notice=notice)
        open_one = rows_assessment.assessment(stage=Stage.CONFIRMED)
        disputed = rows.published(ends_on=CUTOFF)
        rows_assessment.confirmed(assessment=open_one, notice=disputed)
        rows.objection(notice=disputed)
        tasks.settle_due(timestamp=0)
        tasks.settle_due(timestamp=1)
        stages = [type(year).objects.get(pk=one.pk).stage for one in (year, open_one)]
        assert stages == [Stage.FINAL, Stage.CONFIRMED]


def test_公示被撤回后可以重新拟稿(
    client_for: SignIn, round_: Round, station: Station, operator_user: User, centre_clerk: User, bureau_official: User
) -> None:
    approved(round_, station, operator_user, centre_clerk, bureau_official)
    notice = published(round_, centre_clerk, bureau_official)
    notices.withdraw(notice_id=notice.pk, reason="名单有误。", by=bureau_official)
    with time_machine.travel(CLOSED, tick=False):
        target = reverse("excellent:publish", args=[round_.pk])
        assert client_for(centre_clerk).post(target).status_code == 302
    assert Notice.objects.filter(kind="EXCELLENT").count() == 2


def test_复核的页面_到办结(
    client_for: SignIn,
    title: Title,
    centre_clerk: User,
    centre_second: User,
    bureau_official: User,
    operator_user: User,
) -> None:
    with time_machine.travel("2025-12-20 09:00 +08:00", tick=False):
        tasks.titles_due(timestamp=0)
        row = title.reverifications.get()
        page, first = row.get_absolute_url(), client_for(centre_clerk)
        assert client_for(operator_user).get(page).status_code == 404
        assert first.post(reverse("excellent:reverification_submit", args=[row.pk])).status_code == 302
        row.refresh_from_db()
        screen = reverse("excellent:reverification_screen", args=[row.pk])
        assert screen not in actions_of(first.get(page))
        said = {"key": uuid.uuid4(), "version": row.review.version, "opinion": "两年台账均已核对。"}  # type: ignore[union-attr]
        assert client_for(centre_second).post(screen, said).status_code == 302
        keep = reverse("excellent:reverification_keep", args=[row.pk])
        official = client_for(bureau_official)
        assert keep in actions_of(official.get(page))
        row.refresh_from_db()
        said = {"key": uuid.uuid4(), "version": row.review.version, "opinion": "复核通过。"}  # type: ignore[union-attr]
        assert official.post(keep, said).status_code == 302
        assert "通过" in text_of(client_for(operator_user).get(page))
