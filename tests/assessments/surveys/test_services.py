"""From the draw to the closing: who is drawn, one answer a card, the employer's last one, and what is told to whom."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from assessments.models import EmployerBallot, Survey, SurveyAnswer, SurveyCard
from assessments.surveys import queries, services
from assessments.surveys.enums import QUESTIONS, Kind, Satisfaction
from assessments.surveys.services import Unanswerable, answer, close_due
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.context import Origin, current_origin
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.models import Message
from jinhua_labor.policy.scoring import SurveyFact
from stations.oversight.rules.codes import digest, new_code
from stations.registry.models import Station
from stations.roster.enums import CountStatus
from stations.roster.services.freezing import freeze
from tests.meta import rows
from tests.queries import queries as asked

from .build import PURPOSE, codes, days, first_year, given, opened, staffed, year_old

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(operator_user: User) -> Station:
    return year_old(operator_user)


def over(*surveys: Survey) -> None:
    """Their last day was yesterday, and the job has come round."""
    for survey in surveys:
        Survey.objects.filter(pk=survey.pk).update(opens_on=days(-20), closes_on=days(-1))
    SurveyAnswer.objects.filter(survey__in=surveys).update(answered_on=days(-2))
    EmployerBallot.objects.filter(card__survey__in=surveys).update(answered_on=days(-2))
    close_due(day=days(0))
    for survey in surveys:
        survey.refresh_from_db()


class Test开展:
    def test_从计入的人员中抽取_每人至多一张(self, station: Station, centre_clerk: User) -> None:
        people = staffed(station, 70, employers=3)
        staffed(station, 5, status=CountStatus.PENDING)
        staffed(station, 5, status=CountStatus.EXCLUDED)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        assert (survey.population, survey.required, survey.drawn, survey.frozen) == (70, 30, 60, False)
        drawn = list(SurveyCard.objects.filter(survey=survey).values_list("delivery", flat=True))
        assert len(set(drawn)) == 60
        assert set(drawn) <= {row.pk for row in people}

    def test_同一人两次输送只抽一次(self, station: Station, centre_clerk: User) -> None:
        first = staffed(station, 1)[0]
        rows.delivery(
            station=station, operator=station.operator, person=first.person, status=CountStatus.COUNTED,
            entry_on=first.entry_on + dt.timedelta(days=60),
        )  # fmt: skip
        assert opened(station, centre_clerk)[Kind.WORKERS].population == 1

    def test_企业为年度内服务过的全部(self, station: Station, centre_clerk: User) -> None:
        people = staffed(station, 7, employers=3)
        survey = opened(station, centre_clerk)[Kind.EMPLOYERS]
        assert (survey.population, survey.required, survey.drawn) == (3, 3, 3)
        whose = set(SurveyCard.objects.filter(survey=survey).values_list("employer", flat=True))
        assert whose == {row.employer_id for row in people}

    def test_年度之外的不抽(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 2)
        later = first_year(station).end + dt.timedelta(days=1)
        rows.delivery(station=station, operator=station.operator, entry_on=later, status=CountStatus.COUNTED)
        assert opened(station, centre_clerk)[Kind.WORKERS].population == 2

    def test_冻结之后按冻结的名册(self, station: Station, centre_clerk: User) -> None:
        people = staffed(station, 4)
        freeze(station=station, number=1, by=centre_clerk)
        type(people[0]).objects.filter(pk=people[0].pk).update(status=CountStatus.EXCLUDED)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        assert (survey.population, survey.frozen) == (4, True)

    def test_卡号按企业排列_同一企业的连在一起(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 12, employers=3)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        order = list(SurveyCard.objects.filter(survey=survey).values_list("delivery__employer", flat=True))
        changes = sum(one != other for one, other in itertools.pairwise(order))
        assert changes == 2

    def test_只存摘要和密文(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 1)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        (code,) = codes(survey)
        with connection.cursor() as cursor:
            cursor.execute("SELECT code, digest FROM assessments_surveycard WHERE survey_id = %s", [survey.pk])
            cipher, kept = (bytes(value) for value in cursor.fetchone())
        assert code.encode() not in cipher
        assert kept == digest(code)

    def test_一个年度一次_同一表单再发不变(self, station: Station, centre_clerk: User, centre_second: User) -> None:
        staffed(station, 3)
        first = opened(station, centre_clerk)
        assert opened(station, centre_clerk) == first
        with pytest.raises(Conflict, match="只开展一次"):
            opened(station, centre_second)
        with pytest.raises(Conflict, match="只开展一次"):
            opened(station, centre_clerk, closes_on=days(20))
        assert Survey.objects.count() == 2

    @pytest.mark.parametrize("fixture", ["operator_user", "bureau_official", "auditor"], ids=["站点", "局", "审计"])
    def test_只有中心能开展(self, station: Station, fixture: str, request: pytest.FixtureRequest) -> None:
        staffed(station, 3)
        with pytest.raises(PermissionDenied):
            opened(station, request.getfixturevalue(fixture))

    def test_没有计入人员的不能开展(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 2, status=CountStatus.PENDING)
        with pytest.raises(Refused, match="没有计入"):
            opened(station, centre_clerk)

    def test_年度还早的不能开展(self, operator_user: User, centre_clerk: User) -> None:
        young = rows.station(operator=operator_user.organisation, established_on=days(-100))
        staffed(young, 2)
        with pytest.raises(Refused, match="才能开展"):
            opened(young, centre_clerk)

    def test_没有的年度(self, station: Station, centre_clerk: User) -> None:
        with pytest.raises(Refused, match="没有这个年度"):
            opened(station, centre_clerk, number=7)

    def test_截止日期过早过晚(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 2)
        for wrong in (days(3), days(300)):
            with pytest.raises(Refused) as refused:
                opened(station, centre_clerk, closes_on=wrong)
            assert refused.value.problems[0][1] == "#id_closes_on"
        assert not Survey.objects.exists()


class Test答题:
    def test_务工人员一张卡一次(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 3)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        code = codes(survey)[0]
        answer(code=code, given=given(second="ALL", third="HELPED", comment="很好"))
        with pytest.raises(Unanswerable):
            answer(code=code, given=given(Satisfaction.BAD))
        kept = survey.answers.get()
        assert (kept.satisfaction, kept.second, kept.third, kept.comment) == ("GOOD", "ALL", "HELPED", "很好")
        assert kept.answered_on == days(0)

    def test_企业可以重答_以最后一次为准(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 3)
        survey = opened(station, centre_clerk)[Kind.EMPLOYERS]
        (code,) = codes(survey)
        answer(code=code, given=given())
        answer(code=code, given=given(Satisfaction.BAD))
        over(survey)
        assert (survey.valid, survey.satisfied) == (1, 0)
        assert [one.satisfaction for one in survey.answers.all()] == ["BAD"]

    @pytest.mark.parametrize("how", ["没有的", "用过的", "过期的", "结束的", "残缺的"])
    def test_不能填的卡只有一种说法(self, station: Station, centre_clerk: User, how: str) -> None:
        staffed(station, 3)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        code = codes(survey)[0]
        if how == "没有的":
            code = new_code()[0]
        elif how == "用过的":
            answer(code=code, given=given())
        elif how == "过期的":
            Survey.objects.filter(pk=survey.pk).update(opens_on=days(-20), closes_on=days(-1))
        elif how == "结束的":
            over(survey)
        else:
            code = code[:-1]
        with pytest.raises(Unanswerable) as refused:
            answer(code=code, given=given())
        assert refused.value.message == "这张卡现在不能填写。"
        assert queries.by_code(code, day=days(0)) is None

    def test_截止当日还能填(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 3)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        Survey.objects.filter(pk=survey.pk).update(opens_on=days(-15), closes_on=days(0))
        assert close_due(day=days(0)) == 0
        answer(code=codes(survey)[0], given=given())

    def test_日志只说来了一份答卷(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 3)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        held = current_origin.set(Origin("203.0.113.9", "a1b2"))
        try:
            answer(code=codes(survey)[0], given=given(comment="食堂太远"))
        finally:
            current_origin.reset(held)
        entry = AuditEntry.objects.get(action="survey.answer")
        assert (entry.ip, entry.request_id, entry.detail, entry.actor) == (None, "", {}, None)
        assert entry.object_id == str(survey.pk)

    def test_代码怎样输入都认(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 3)
        code = codes(opened(station, centre_clerk)[Kind.WORKERS])[0]
        answer(code=f" {code[:9].lower()}-{code[9:]} ", given=given())


def at_once(*calls: Callable[[], Any]) -> Counter[str]:
    """What became of calls that all begin at the same moment, each on a connection of its own."""
    outcomes: list[str] = []
    start = threading.Barrier(len(calls))

    def attempt(call: Callable[[], Any]) -> None:
        start.wait()
        try:
            call()
            outcomes.append("收下")
        except Refused:
            outcomes.append("不能填")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


@pytest.mark.django_db(transaction=True)
class Test同时:
    def test_同一张卡同时提交_只收一份(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 2)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        code = codes(survey)[0]
        found = at_once(*[lambda: answer(code=code, given=given())] * 4)
        assert found == {"收下": 1, "不能填": 3}
        assert survey.answers.count() == 1

    def test_两张卡同时提交_都收下(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 2)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        found = at_once(*[lambda code=code: answer(code=code, given=given()) for code in codes(survey)])
        assert found == {"收下": 2}
        assert (survey.answers.count(), SurveyCard.objects.filter(survey=survey, used=True).count()) == (2, 2)

    def test_企业同时重答_只有一份(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 2)
        survey = opened(station, centre_clerk)[Kind.EMPLOYERS]
        (code,) = codes(survey)
        at_once(*[lambda: answer(code=code, given=given())] * 3)
        assert EmployerBallot.objects.filter(card__survey=survey).count() == 1

    def test_结束与答题同时_要么算进去要么收不下(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 2)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        code = codes(survey)[0]
        found = at_once(lambda: answer(code=code, given=given()), lambda: close_due(day=days(16)))
        survey.refresh_from_db()
        answered = found["收下"] - 1  # the closing itself always succeeds
        assert (survey.valid, survey.answers.count()) == (answered, answered)


class Test看不出是谁:
    def test_答卷与卡不在同一事务号_次序也打乱(self, station: Station, centre_clerk: User) -> None:
        """What PostgreSQL keeps beside rows: all answers and all used cards carry the last transaction."""
        staffed(station, 12)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        used = codes(survey)
        for number, code in enumerate(used):
            answer(code=code, given=given(comment=f"第{number}份"))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT xmin::text, cmin::text FROM assessments_surveyanswer WHERE survey_id = %s", [survey.pk]
            )
            assert len(cursor.fetchall()) == 1
            cursor.execute(
                "SELECT DISTINCT xmin::text FROM assessments_surveycard WHERE survey_id = %s AND used", [survey.pk]
            )
            assert len(cursor.fetchall()) == 1
            cursor.execute(
                "SELECT comment FROM assessments_surveyanswer WHERE survey_id = %s ORDER BY ctid", [survey.pk]
            )
            came = [row[0] for row in cursor.fetchall()]
            cursor.execute(
                "SELECT number FROM assessments_surveycard WHERE survey_id = %s AND used ORDER BY ctid", [survey.pk]
            )
            cards = [row[0] for row in cursor.fetchall()]
        assert sorted(came) == sorted(f"第{number}份" for number in range(12))
        assert came != [f"第{number}份" for number in range(12)]  # 1 in 12! it stays so by chance
        assert cards != sorted(cards)

    def test_答卷每次换新的编号(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 3)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        first, second, _ = codes(survey)
        answer(code=first, given=given())
        before = set(survey.answers.values_list("pk", flat=True))
        answer(code=second, given=given())
        assert not before & set(survey.answers.values_list("pk", flat=True))

    def test_结束之后卡_链接_名单都没有了(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 6, employers=2)
        surveys = opened(station, centre_clerk)
        for survey in surveys.values():
            for code in codes(survey):
                answer(code=code, given=given())
        over(*surveys.values())
        assert not SurveyCard.objects.exists()
        assert not EmployerBallot.objects.exists()
        assert (surveys[Kind.WORKERS].valid, surveys[Kind.EMPLOYERS].valid) == (6, 2)
        assert SurveyAnswer.objects.count() == 8

    def test_进行中不显示分布_也不显示意见(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 8)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        for code in codes(survey):
            answer(code=code, given=given(comment="意见"))
        found = queries.findings(survey, user=centre_clerk, questions=QUESTIONS[Kind.WORKERS])
        assert (found.spreads, found.comments) == ([], [])
        assert "进行中" in found.hidden

    @pytest.mark.parametrize(("number", "shown"), [(4, False), (5, True)], ids=["四份", "五份"])
    def test_五份起才显示(self, station: Station, centre_clerk: User, number: int, shown: bool) -> None:
        staffed(station, 8)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        for code in codes(survey)[:number]:
            answer(code=code, given=given(comment="意见"))
        over(survey)
        found = queries.findings(survey, user=centre_clerk, questions=QUESTIONS[Kind.WORKERS])
        assert bool(found.spreads) is shown
        assert found.comments == ["意见"] * (number if shown else 0)

    def test_意见只给主管部门看(self, station: Station, centre_clerk: User, auditor: User) -> None:
        staffed(station, 6)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        for code in codes(survey):
            answer(code=code, given=given(comment="意见"))
        over(survey)
        found = queries.findings(survey, user=auditor, questions=QUESTIONS[Kind.WORKERS])
        assert found.spreads
        assert found.comments == []

    def test_站点只看得到结束的(
        self, station: Station, operator_user: User, stranger_operator: User, centre_clerk: User
    ) -> None:
        staffed(station, 6)
        surveys = opened(station, centre_clerk)
        assert not Survey.objects.visible_to(operator_user).exists()
        over(*surveys.values())
        assert Survey.objects.visible_to(operator_user).count() == 2
        assert not Survey.objects.visible_to(stranger_operator).exists()


class Test结束:
    def test_算出有效和满意_样本不足照算(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 40)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        for number, code in enumerate(codes(survey)[:4]):
            answer(code=code, given=given(Satisfaction.FAIR if number == 0 else Satisfaction.VERY_GOOD))
        over(survey)
        assert (survey.valid, survey.satisfied, survey.required) == (4, 3, 30)
        progress = queries.progress_of([survey])[0]
        assert (progress.points, progress.short, progress.rate) == (5, True, "发出 40 份，收回 4 份，回收率 10%")

    def test_没有答卷也结束(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 2)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        over(survey)
        assert (survey.valid, survey.satisfied) == (0, 0)
        assert queries.progress_of([survey])[0].points == 0

    def test_再跑一次不变(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 2)
        surveys = opened(station, centre_clerk)
        over(*surveys.values())
        before = Survey.objects.order_by("pk").values_list("closed_at", flat=True)
        held = list(before)
        assert close_due(day=days(30)) == 0
        assert list(before.all()) == held

    def test_告诉中心和站点_不说怎样答的(self, station: Station, operator_user: User, centre_clerk: User) -> None:
        staffed(station, 2)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        answer(code=codes(survey)[0], given=given(comment="不想让站点看到"))
        over(survey)
        for person in (centre_clerk, operator_user):
            message = Message.objects.visible_to(person).get()
            assert "满意度调查已结束" in message.subject
            assert "回收率 50%" in message.body
            assert "不想" not in message.body


class Test计分事实:
    def test_结束之后才有(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 3)
        period = first_year(station)
        assert queries.fact_of(station, period, Kind.WORKERS) == SurveyFact(0, 0, 0)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        for code in codes(survey)[:2]:
            answer(code=code, given=given())
        assert queries.fact_of(station, period, Kind.WORKERS) == SurveyFact(0, 0, 3)
        over(survey)
        assert queries.fact_of(station, period, Kind.WORKERS) == SurveyFact(2, 2, 3)
        assert queries.fact_of(station, period, Kind.EMPLOYERS) == SurveyFact(0, 0, 1)

    def test_许多年度一次查询(self, station: Station, operator_user: User, centre_clerk: User) -> None:
        other = year_old(operator_user)
        for place in (station, other):
            staffed(place, 2)
            over(*opened(place, centre_clerk).values())
        years = [(station.pk, 1), (other.pk, 1), (other.pk, 2)]
        sent = asked(lambda: queries.facts_of(years))
        assert len(sent) == 1
        assert queries.facts_of(years)[other.pk, 2] == {kind: SurveyFact(0, 0) for kind in Kind}
        assert queries.facts_of(years)[station.pk, 1][Kind.WORKERS].required == 2


class Test待开展:
    def test_年度将满和已满的列出_开展之后不再列(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 2)
        rows.station(established_on=days(-100))
        assert [(one.station, one.period.number, one.over) for one in queries.owed(day=days(0))] == [(station, 1, True)]
        opened(station, centre_clerk)
        assert queries.owed(day=days(0)) == []

    def test_冻结后没有计入人员的不列(self, station: Station, centre_clerk: User) -> None:
        freeze(station=station, number=1, by=centre_clerk)
        assert queries.owed(day=days(0)) == []


class Test打印:
    def test_卡片和名单_记日志_写明用途(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 3)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        made = services.print_cards(survey_id=survey.pk, part=1, purpose=PURPOSE, by=centre_clerk)
        assert made.content.startswith(b"%PDF")
        assert services.print_handout(survey_id=survey.pk, part=1, purpose=PURPOSE, by=centre_clerk).name.endswith(
            "发放名单_1-3.pdf"
        )
        survey.refresh_from_db()
        assert survey.printed == 1
        entries = AuditEntry.objects.filter(action__startswith="survey.print_").order_by("pk")
        assert [entry.purpose for entry in entries] == [PURPOSE, PURPOSE]
        assert all(code not in str(entry.detail) for code in codes(survey) for entry in entries)

    def test_结束之后不能打印(self, station: Station, centre_clerk: User) -> None:
        staffed(station, 3)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        over(survey)
        with pytest.raises(Refused, match="不再保留"):
            services.print_cards(survey_id=survey.pk, part=1, purpose=PURPOSE, by=centre_clerk)

    @pytest.mark.parametrize("fixture", ["operator_user", "bureau_official"], ids=["站点", "局"])
    def test_只有中心能打印(
        self, station: Station, centre_clerk: User, fixture: str, request: pytest.FixtureRequest
    ) -> None:
        staffed(station, 3)
        survey = opened(station, centre_clerk)[Kind.WORKERS]
        for act in (services.print_cards, services.print_handout):
            with pytest.raises(PermissionDenied):
                act(survey_id=survey.pk, part=1, purpose=PURPOSE, by=request.getfixturevalue(fixture))

    def test_样本大的分几次打印(self, station: Station, centre_clerk: User) -> None:
        survey = Survey(drawn=170)
        assert services.parts(survey) == [(1, 1, 80), (2, 81, 160), (3, 161, 170)]
