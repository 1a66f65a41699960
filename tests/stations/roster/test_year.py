"""A station's year through its services: rows, reasons, frozen years, contracts, certificates, claims, exports."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from jinhua_labor.accounts.enums import Role
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.dashboard.queries.todo import todo
from jinhua_labor.mailbox.models import Message
from stations.roster.enums import CertificateResult, ContractKind, Kept, SkillKind, SkillLevel
from stations.roster.models import Adjudication, Contract, Delivery, FrozenYear, RosterList
from stations.roster.queries import claims as claim_queries
from stations.roster.queries import year as queries
from stations.roster.queries.history import told
from stations.roster.queries.year import YearFilters
from stations.roster.services import claims, exporting, freezing, papers, station_list, year_rows
from stations.roster.services.recount import recount_list
from stations.roster.services.rows import stamp
from stations.roster.yearly import ADDED, EDITED
from tests import factories
from tests.data.people import people
from tests.data.workbooks import roster
from tests.stations.roster import build
from tests.stations.roster.station import ENTRY, add, counted, fields, station

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return factories.user(Role.OPERATOR)


@pytest.fixture
def clerk():
    return factories.user(Role.CENTRE)


@pytest.fixture
def place(operator):
    return station(operator)


def contract(row, user, **more):
    values = {
        "kind": ContractKind.FIXED,
        "signed_on": row.entry_on,
        "starts_on": row.entry_on,
        "ends_on": dt.date(2030, 1, 1),
        "paper_reference": "2021-05册第3页",
        **more,
    }
    return papers.add_contract(delivery=row, by=user, **values)


def certificate(row, user, **more):
    values = {"kind": SkillKind.SKILL, "level": SkillLevel.L4, "number": "S0001", **more}
    return papers.add_certificate(delivery=row, by=user, **values)


def period(place, number=1):
    return next(one for one in queries.years_of(place) if one.number == number)


# --- rows of the station ----------------------------------------------------------------------------------------------


class Test添加与导入:
    def test_添加的人归入工作站并即时核算(self, place, operator) -> None:
        row = add(place, operator)
        assert row.station == place
        assert row.roster_list == place.roster
        row.refresh_from_db()
        assert (row.status, row.codes) == ("PENDING", ["E10"])

    def test_导入的人归入工作站(self, place, operator) -> None:
        listed = station_list.list_of(station=place, by=operator)
        batch = build.staged(operator, roster(people(3)), roster_list=listed)
        build.match(batch, operator)
        build.commit(batch, operator)
        recount_list(roster_list=listed)
        assert Delivery.objects.filter(station=place, roster_list=listed).count() == 3
        assert set(Delivery.objects.filter(station=place).values_list("station", flat=True)) == {place.pk}

    def test_没有声明告知同意不能添加(self, place, operator) -> None:
        with pytest.raises(Refused, match="告知"):
            year_rows.add(station=place, fields=fields(1, operator), consented=False, by=operator)
        assert not RosterList.objects.filter(station=place).exists()

    def test_别家不能添加_中心可以代为添加(self, place, operator, clerk) -> None:
        stranger = factories.user(Role.OPERATOR)
        with pytest.raises(PermissionDenied):
            add(place, stranger)
        assert add(place, clerk).operator == operator.organisation

    def test_已取消的工作站不再登记(self, operator) -> None:
        with pytest.raises(Refused, match="已取消"):
            add(station(operator, state="REVOKED"), operator)

    def test_导入不能更正工作站的行(self, place, operator) -> None:
        row = add(place, operator)
        line = [1, row.name, row.person.id_number, "贵州省示例州", row.employer.name, dt.date(2021, 7, 1)]
        batch = build.staged(operator, roster([line]), roster_list=place.roster)
        build.match(batch, operator, text=row.employer.name)
        staged = batch.rows.get()
        assert staged.state == "ASK"
        assert staged.asks["mine"] is False


class Test更正:
    def test_未计入的行更正不须理由(self, place, operator) -> None:
        row = add(place, operator)
        year_rows.correct(delivery=row, fields=replace(fields(1, operator), name="测试乙", id_number=None), by=operator)
        row.refresh_from_db()
        assert row.name == "测试乙"
        assert not row.corrections.exists()

    def test_已计入的行更正须写明理由并保留原值(self, place, operator, clerk) -> None:
        row = counted(place, operator, clerk)
        wanted = replace(fields(1, operator), name="测试乙", id_number=None)
        with pytest.raises(Refused, match="须写明理由"):
            year_rows.correct(delivery=row, fields=wanted, by=operator)
        row.refresh_from_db()
        assert row.name == "测试甲1"
        year_rows.correct(delivery=row, fields=wanted, reason="核对身份证", by=operator)
        kept = row.corrections.get()
        assert (kept.reason, kept.status, kept.changes) == ("核对身份证", "COUNTED", [["姓名", "测试甲1", "测试乙"]])

    def test_没有改动不留记录(self, place, operator, clerk) -> None:
        row = counted(place, operator, clerk)
        year_rows.correct(delivery=row, fields=replace(fields(1, operator), id_number=None), by=operator)
        assert not row.corrections.exists()

    def test_旧页面被拒绝(self, place, operator) -> None:
        row = add(place, operator)
        shown = stamp(row)
        wanted = replace(fields(1, operator), id_number=None)
        year_rows.correct(delivery=row, fields=replace(wanted, name="测试乙"), shown=shown, by=operator)
        with pytest.raises(Conflict):
            year_rows.correct(delivery=row, fields=replace(wanted, name="测试丙"), shown=shown, by=operator)

    def test_中心更正后承建单位得到消息(self, place, operator, clerk) -> None:
        row = counted(place, operator, clerk)
        wanted = replace(fields(1, operator), name="测试乙", id_number=None)
        year_rows.correct(delivery=row, fields=wanted, reason="核对户口簿", by=clerk)
        assert Message.objects.filter(user=operator, subject__contains="更正了一行登记").exists()

    def test_更正后重新核算(self, place, operator, clerk) -> None:
        row = counted(place, operator, clerk)
        wanted = replace(fields(1, operator), employment_form="DISPATCH", id_number=None)
        year_rows.correct(delivery=row, fields=wanted, reason="实为派遣", by=operator)
        row.refresh_from_db()
        assert (row.status, row.codes) == ("EXCLUDED", ["E07"])

    def test_经过用文字说明(self, place, operator, clerk) -> None:
        row = counted(place, operator, clerk)
        wanted = replace(fields(1, operator), name="测试乙", id_number=None)
        year_rows.correct(delivery=row, fields=wanted, reason="核对身份证", by=clerk)
        row.refresh_from_db()
        [change] = [one for one in told(row, operator) if one.title == "更正"]
        assert change.text == "姓名：测试甲1 → 测试乙（核对身份证）"
        assert change.by == clerk.organisation.name  # the operator reads which office it was, not who


class Test离职:
    def test_离职时间和原因(self, place, operator) -> None:
        row = add(place, operator)
        year_rows.leave(delivery=row, leave_on=dt.date(2021, 9, 1), leave_reason="WENT_HOME", by=operator)
        row.refresh_from_db()
        assert (row.leave_on, row.leave_reason) == (dt.date(2021, 9, 1), "WENT_HOME")
        assert row.corrections.get().changes == [["离职时间", "空", "2021-09-01"], ["离职原因", "空", "返乡"]]

    @pytest.mark.parametrize(
        ("day", "reason", "note"),
        [(ENTRY - dt.timedelta(days=1), "RESIGNED", ""), (dt.date(2099, 1, 1), "RESIGNED", ""), (ENTRY, "", ""),
         (ENTRY, "OTHER", "")],
        ids=["早于入职", "晚于今天", "没有原因", "其他须说明"],
    )  # fmt: skip
    def test_不能登记的离职(self, place, operator, day, reason, note) -> None:
        row = add(place, operator)
        with pytest.raises(Refused):
            year_rows.leave(delivery=row, leave_on=day, leave_reason=reason, note=note, by=operator)

    def test_重复登记同样内容只留一条(self, place, operator) -> None:
        row = add(place, operator)
        for _ in range(2):
            year_rows.leave(delivery=row, leave_on=dt.date(2021, 9, 1), leave_reason="RESIGNED", by=operator)
        assert row.corrections.count() == 1


class Test删除:
    def test_误登记的行可以删除_留有记录(self, place, operator) -> None:
        row = add(place, operator)
        year_rows.remove(delivery=row, reason="登记错了工作站", by=operator)
        assert not Delivery.objects.filter(pk=row.pk).exists()
        assert AuditEntry.objects.get(action="roster.row_delete").detail["reason"] == "登记错了工作站"

    def test_已计入的和有合同的不能删除(self, place, operator, clerk) -> None:
        with pytest.raises(Refused, match="已计入"):
            year_rows.remove(delivery=counted(place, operator, clerk), reason="误登记", by=operator)
        row = add(place, operator, 3)
        contract(row, operator)
        with pytest.raises(Refused, match="合同"):
            year_rows.remove(delivery=row, reason="误登记", by=operator)


# --- R-26 -------------------------------------------------------------------------------------------------------------


class Test冻结:
    def test_冻结以后更正_快照不变并显示快照后变更(self, place, operator, clerk) -> None:
        row = counted(place, operator, clerk)
        year = freezing.freeze(station=place, number=1, by=clerk)
        assert (year.raw, year.counted, year.sha256) == (1, 1, freezing.digest(year))
        wanted = replace(fields(1, operator), name="测试乙", id_number=None)
        with pytest.raises(Refused, match="已冻结"):
            year_rows.correct(delivery=row, fields=wanted, by=operator)
        year_rows.correct(delivery=row, fields=wanted, reason="核对身份证", by=operator)
        again = FrozenYear.objects.get(pk=year.pk)
        assert again.sha256 == year.sha256
        assert freezing.verify(again)
        assert [one.what for one in queries.changes_since(again)] == [EDITED]
        assert row.corrections.get().frozen == year

    def test_首月离职没有参保的不在冻结的人数内(self, place, operator, clerk) -> None:
        counted(place, operator, clerk, 1)
        gone = add(place, operator, 3)
        year_rows.leave(delivery=gone, leave_on=ENTRY + dt.timedelta(days=9), leave_reason="RESIGNED", by=operator)
        gone.person.si_checked_to = 202112
        gone.person.save()
        recount_list(roster_list=gone.roster_list)
        year = freezing.freeze(station=place, number=1, by=clerk)
        assert (year.counted, year.excluded) == (1, 1)

    def test_没有名册行的合同被拒绝(self, place, operator) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Contract.objects.create(
                delivery=None, signed_on=ENTRY, starts_on=ENTRY, kind=ContractKind.OPEN, paper_reference="1",
                added_by=operator,
            )  # fmt: skip
        listed = build.filled_list(operator, 1)
        with pytest.raises(Refused, match="工作站设立后"):
            contract(listed.deliveries.get(), operator)

    def test_补录须写明理由(self, place, operator, clerk) -> None:
        add(place, operator)
        year = freezing.freeze(station=place, number=1, by=clerk)
        with pytest.raises(Refused, match="补录"):
            add(place, operator, 3)
        row = add(place, operator, 3, reason="漏报，见劳动合同")
        assert [one.what for one in queries.changes_since(year)] == [ADDED]
        assert row.corrections.get().kind == "ADD"

    def test_数据库拒绝没有更正记录的改动(self, place, operator, clerk) -> None:
        row = add(place, operator)
        freezing.freeze(station=place, number=1, by=clerk)
        with pytest.raises(DatabaseError), transaction.atomic():
            Delivery.objects.filter(pk=row.pk).update(entry_on=dt.date(2021, 6, 1))
        with pytest.raises(DatabaseError), transaction.atomic():
            Delivery.objects.filter(pk=row.pk).delete()
        Delivery.objects.filter(pk=row.pk).update(status="EXCLUDED")  # a count is no content

    def test_移入冻结年度也须更正记录(self, place, operator, clerk) -> None:
        row = add(place, operator, entry_on=dt.date(2022, 5, 10))
        freezing.freeze(station=place, number=1, by=clerk)
        wanted = replace(fields(1, operator), id_number=None)
        with pytest.raises(Refused, match="已冻结"):
            year_rows.correct(delivery=row, fields=wanted, by=operator)

    def test_成批导入不能进入冻结的年度(self, place, operator, clerk) -> None:
        add(place, operator)
        freezing.freeze(station=place, number=1, by=clerk)
        line = [*list(people(9))[8][:5], ENTRY]
        batch = build.staged(operator, roster([line]), roster_list=place.roster)
        build.match(batch, operator)
        with pytest.raises(Refused, match="已冻结的年度"):
            build.commit(batch, operator)

    def test_没有结束的年度不冻结_重复冻结得到同一份(self, place, operator, clerk) -> None:
        running = next(iter(queries.years_of(place))).number
        with pytest.raises(Refused, match="还没有结束"):
            freezing.freeze(station=place, number=running, by=clerk)
        first = freezing.freeze(station=place, number=1, by=clerk)
        assert freezing.freeze(station=place, number=1, by=clerk) == first
        with pytest.raises(PermissionDenied):
            freezing.freeze(station=place, number=2, by=operator)

    def test_到期的年度自动冻结_重复无害(self, place, clerk) -> None:
        number = len(queries.years_of(place)) - 2  # without the running year and what lies before
        assert freezing.freeze_due(day=today(), by=clerk) == number
        assert freezing.freeze_due(day=today(), by=clerk) == 0

    def test_年度内被取消的不评估_不冻结(self, operator, clerk) -> None:
        station(operator, state="REVOKED")
        assert freezing.freeze_due(day=today(), by=clerk) == 0


# --- contracts and certificates ---------------------------------------------------------------------------------------


class Test合同与证书:
    def test_登记合同后由缺变为及时(self, place, operator) -> None:
        row = add(place, operator)
        assert queries.marked([row])[0].contract == "MISSING"
        contract(row, operator, signed_on=dt.date(2021, 6, 11))
        assert queries.marked([row])[0].contract == "LATE"
        made = contract(row, operator, starts_on=dt.date(2021, 5, 11), signed_on=dt.date(2021, 6, 10))
        assert queries.marked([row])[0].contract == "TIMELY"
        papers.void_contract(contract=made, reason="登记有误", by=operator)
        assert queries.marked([row])[0].contract == "LATE"

    def test_既无扫描件又无存放处_或重复登记被拒绝(self, place, operator) -> None:
        row = add(place, operator)
        with pytest.raises(Refused):
            contract(row, operator, paper_reference=" ")
        contract(row, operator)
        with pytest.raises(Refused):
            contract(row, operator)

    def test_扫描件是证件类(self, place, operator) -> None:
        made = contract(add(place, operator), operator, file=factories.png(), paper_reference="")
        assert made.file.secret

    def test_证书由中心核验后计入技术技能人才(self, place, operator, clerk) -> None:
        row = counted(place, operator, clerk)
        made = certificate(row, operator)
        assert queries.skilled_count(place, period(place)) == (0, 1)
        with pytest.raises(PermissionDenied):
            papers.check_certificate(certificate=made, result="VERIFIED", checked_on=today(), by=operator)
        papers.check_certificate(certificate=made, result="VERIFIED", checked_on=today(), by=clerk)
        made.refresh_from_db()
        assert (made.checked_by, made.checked_on) == (clerk, today())
        assert queries.skilled_count(place, period(place)) == (1, 0)
        assert freezing.freeze(station=place, number=1, by=clerk).skilled == 1

    def test_待核验的证书和两站登记的人在中心的待办里(self, claimed, operator, clerk) -> None:
        made = certificate(claimed[0], operator)
        found = {task.url: task.title for task in todo(clerk).tasks}
        assert found[reverse("roster:certificates")] == "1 本技能证书待核验"
        assert found[reverse("roster:claims")] == "1 人由两个工作站登记"
        papers.check_certificate(certificate=made, result="VERIFIED", checked_on=today(), by=clerk)
        assert reverse("roster:certificates") not in {task.url for task in todo(clerk).tasks}

    def test_查无此证须说明_承建单位得知(self, place, operator, clerk) -> None:
        made = certificate(add(place, operator), operator)
        with pytest.raises(Refused):
            papers.check_certificate(certificate=made, result=CertificateResult.UNFOUND, checked_on=today(), by=clerk)
        papers.check_certificate(
            certificate=made, result=CertificateResult.UNFOUND, checked_on=today(), note="系统无此编号", by=clerk
        )
        assert Message.objects.filter(user=operator, subject__contains="证书核验未通过").exists()

    def test_作废的证书不计也不再核验(self, place, operator, clerk) -> None:
        made = certificate(add(place, operator), operator)
        papers.void_certificate(certificate=made, reason="填错编号", by=operator)
        with pytest.raises(Conflict):
            papers.check_certificate(certificate=made, result="VERIFIED", checked_on=today(), by=clerk)
        certificate(made.delivery, operator)

    def test_等级须与类别相符(self, place, operator) -> None:
        with pytest.raises(Refused):
            certificate(add(place, operator), operator, level=SkillLevel.JUNIOR)


# --- E14 --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def claimed(place, operator, clerk):
    """(earlier row that counts, later row of another station's)."""
    first = counted(place, operator, clerk)
    other = factories.user(Role.OPERATOR)
    later = add(station(other), other, entry_on=dt.date(2021, 8, 10))
    later.refresh_from_db()
    assert "E14" in later.codes
    return first, later, operator, other


class Test归属:
    def test_双方都只知道已被其他站点登记(self, claimed) -> None:
        first, later, _, _ = claimed
        assert [one.claimed for one in queries.marked([first])] == [True]
        assert [one.claimed for one in queries.marked([later])] == [True]

    def test_只有中心和局看得到两条登记(self, claimed, clerk) -> None:
        first, later, operator, _ = claimed
        assert list(claim_queries.waiting(operator)) == []
        [pair] = claim_queries.pairs(list(claim_queries.waiting(clerk)))
        assert (pair.claimant, pair.holder) == (later, first)

    @pytest.mark.parametrize("kept", Kept.values)
    def test_认定一次_另一家不计(self, claimed, clerk, kept) -> None:
        first, later, operator, other = claimed
        claims.decide(claimant=later, holder=first, kept=kept, reason="劳动合同", by=clerk)
        first.refresh_from_db()
        later.refresh_from_db()
        loser = later if kept == Kept.HOLDER else first
        assert loser.status == "EXCLUDED"
        assert "E13" in loser.codes
        assert "E14" not in first.codes + later.codes
        if kept == Kept.HOLDER:
            assert first.status == "COUNTED"
        assert list(claim_queries.waiting(clerk)) == []
        for user in (operator, other):
            message = Message.objects.get(user=user, subject__contains="归属已认定")
            assert "该人员已被其他站点登记" in message.body
            assert other.organisation.name not in message.body

    def test_同样的认定再来一次无害_相反的被拒绝(self, claimed, clerk) -> None:
        first, later, _, _ = claimed
        made = claims.decide(claimant=later, holder=first, kept=Kept.HOLDER, reason="劳动合同", by=clerk)
        assert claims.decide(claimant=later, holder=first, kept=Kept.HOLDER, reason="劳动合同", by=clerk) == made
        with pytest.raises(Conflict, match="已由"):
            claims.decide(claimant=later, holder=first, kept=Kept.CLAIMANT, reason="改主意", by=clerk)
        assert Adjudication.objects.filter(code="E14").count() == 2  # one answer a row

    def test_没有依据或不是中心不能认定(self, claimed, clerk) -> None:
        first, later, operator, _ = claimed
        with pytest.raises(Refused, match="依据"):
            claims.decide(claimant=later, holder=first, kept=Kept.HOLDER, reason=" ", by=clerk)
        for user in (operator, factories.user(Role.BUREAU)):
            with pytest.raises(PermissionDenied):
                claims.decide(claimant=later, holder=first, kept=Kept.HOLDER, reason="劳动合同", by=user)

    def test_认定后重新核算不再改变(self, claimed, clerk) -> None:
        first, later, _, _ = claimed
        claims.decide(claimant=later, holder=first, kept=Kept.CLAIMANT, reason="劳动合同", by=clerk)
        for row in (first, later):
            recount_list(roster_list=row.roster_list)
            row.refresh_from_db()
        assert first.codes == ["E13"]
        assert "E13" not in later.codes


# --- filters and exports ----------------------------------------------------------------------------------------------


class Test筛选:
    @pytest.fixture
    def rows(self, place, operator):
        one = add(place, operator, 1)
        other = build.employer(operator, name="示例另一家有限公司", code=factories.credit_code(9002))
        two = add(place, operator, 3, entry_on=dt.date(2021, 6, 1), employer=other)
        return one, two

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({}, [0, 1]),
            ({"month": "202105"}, [0]),
            ({"month": "202106"}, [1]),
            ({"status": "COUNTED"}, []),
            ({"code": "E10"}, [0, 1]),
            ({"province": "52"}, [0, 1]),
            ({"province": "none"}, []),
            ({"contract": "MISSING"}, [1]),
            ({"contract": "TIMELY"}, [0]),
            ({"contract": "LATE"}, []),
            ({"q": "测试甲3"}, [1]),
            ({"month": "2021x5", "status": "坏", "code": "E99", "employer": "x", "due": "ever"}, [0, 1]),
        ],
        ids=[
            "全部",
            "5月",
            "6月",
            "计入",
            "原因",
            "省份",
            "未识别",
            "缺合同",
            "合同及时",
            "合同逾期",
            "姓名",
            "不认识的值忽略",
        ],
    )
    def test_各条件(self, place, operator, rows, query, expected) -> None:
        contract(rows[0], operator)
        found = queries.filtered(place, period(place), YearFilters.read(query))
        assert list(found) == [rows[place_] for place_ in expected]

    def test_企业(self, place, rows) -> None:
        filters = YearFilters(employer=str(rows[1].employer_id))
        assert list(queries.filtered(place, period(place), filters)) == [rows[1]]

    def test_本周应统计(self, place, rows) -> None:
        filters = YearFilters(due="week")
        assert list(queries.filtered(place, period(place), filters, on=dt.date(2021, 11, 12))) == [rows[0]]
        assert list(queries.filtered(place, period(place), filters, on=dt.date(2021, 11, 19))) == []

    @pytest.mark.parametrize("timing", ["TIMELY", "LATE"])
    def test_合同期限的月末与规则一致(self, place, operator, timing) -> None:
        row = add(place, operator, entry_on=dt.date(2022, 1, 31))
        day = dt.date(2022, 2, 28) if timing == "TIMELY" else dt.date(2022, 3, 1)
        contract(row, operator, signed_on=day)
        assert list(queries.filtered(place, period(place), YearFilters(contract=timing))) == [row]
        assert queries.marked([row])[0].contract == timing

    def test_设立以前的行另列(self, place, operator) -> None:
        row = add(place, operator, entry_on=dt.date(2021, 3, 31))
        assert list(queries.filtered(place, period(place, 0), YearFilters())) == [row]
        assert queries.tally(place, period(place, 1)).raw == 0


class Test导出:
    def test_附件2格式_号码为文本_写明导出人_记入日志(self, place, operator) -> None:
        row = add(place, operator)
        data = exporting.export_year(
            station=place,
            period=period(place),
            rows=queries.rows_of(place, period(place)),
            kind=exporting.ANNEX2,
            purpose="归档",
            by=operator,
        )
        sheet = load_workbook(io.BytesIO(data)).active
        assert sheet is not None
        values = [[cell.value for cell in line] for line in sheet.iter_rows()]
        assert values[0][0] == "累计输送劳动力名册"
        assert any(operator.name in str(line[0]) and "导出时间" in str(line[0]) for line in values[:5])
        assert operator.name in sheet.oddFooter.left.text
        line = next(line for line in values if line[2] == row.person.id_number)
        assert line[:2] == [1, row.name]
        entry = AuditEntry.objects.get(action="roster.export_annex2")
        assert (entry.purpose, entry.detail["rows"], entry.detail["year"]) == ("归档", 1, 1)

    def test_没有用途不导出(self, place, operator) -> None:
        with pytest.raises(Refused, match="用途"):
            exporting.export_year(
                station=place,
                period=period(place),
                rows=queries.rows_of(place, period(place)),
                kind=exporting.WORKING,
                purpose=" ",
                by=operator,
            )

    def test_文件名没有号码和姓名(self, place, operator) -> None:
        row = add(place, operator)
        name = exporting.year_file_name(place, period(place), exporting.WORKING)
        assert row.name not in name
        assert name.startswith(place.number)
