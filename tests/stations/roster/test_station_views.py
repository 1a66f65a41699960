"""The pages of 留用统计, 参保查询 and 人数核算: what they say, what a form does, what leaves the portal."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pikepdf
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.models import User
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.jobs.models import Job
from stations.registry.models import Station
from stations.roster import tasks_station
from stations.roster.enums import RetentionResult
from stations.roster.models import Delivery, InsuranceExtract, Recount, RetentionCheck
from stations.roster.services import retention, retention_list
from stations.roster.services import station_query as station_queries
from stations.roster.services.retention import Answer

from .build import extract_file, insured, upload
from .build_station import deliver, insure, opened, station_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel("2021-10-08 09:00+08:00", tick=False):
        yield


@pytest.fixture
def station(operator_user: User) -> Station:
    found = station_of(operator_user)
    for number in (1, 2, 3):
        deliver(found, operator_user, number)
    return found


def page_of(station: Station) -> str:
    return reverse("roster:retention", args=[station.pk])


def paid(rows: list[Delivery], *months: int) -> list[list[object]]:
    return [insured(row, month, paid_on=f"{month // 100}-{month % 100:02d}-20") for row in rows for month in months]


# --- 留用统计 ----------------------------------------------------------------------------------------------------


def test_社保知道的已经预填_其余暂不统计(
    client_for: SignIn, operator_user: User, centre_clerk: User, station: Station
) -> None:
    kept, unpaid, _ = station.deliveries.order_by("created_at")
    opened(station)
    insure(station, centre_clerk, paid([kept], 202103, 202104, 202109) + paid([unpaid], 202103, 202104))
    page = client_for(operator_user).get(page_of(station)).content.decode()
    assert page.count('<option value="RETAINED" selected>') == 1
    assert page.count('<option value="LEFT" selected>') == 1  # asked for, not paid for
    assert page.count("按数据预填") == 2  # the third was never insured: 不计 by now, asked of nobody


def test_一次提交几行_拒绝的行带原因回到页面(
    client_for: SignIn, operator_user: User, centre_clerk: User, station: Station
) -> None:
    one, two, three = opened(station)
    insure(
        station,
        centre_clerk,
        paid([one.delivery, two.delivery, three.delivery], 202103, 202104) + paid([one.delivery, two.delivery], 202109),
    )
    form = {
        f"result_{one.pk}": "RETAINED",
        f"result_{two.pk}": "",
        f"result_{three.pk}": "RETAINED",
        f"note_{three.pk}": "工友说还在",
    }
    response = client_for(operator_user).post(page_of(station), form)
    page = response.content.decode()
    assert response.status_code == 422
    assert "没有由企业缴费" in page
    assert 'value="工友说还在"' in page
    assert set(RetentionCheck.objects.exclude(result="").values_list("pk", flat=True)) == {one.pk}
    done = client_for(operator_user).post(page_of(station), {f"result_{three.pk}": "LEFT"})
    assert done.status_code == 302
    assert RetentionCheck.objects.open().count() == 1


def test_什么都没选就提交(client_for: SignIn, operator_user: User, station: Station) -> None:
    opened(station)
    response = client_for(operator_user).post(page_of(station), {"result_x": "LEFT"}, follow=True)
    assert "还没有选择结果" in response.content.decode()


def test_还没有人满六个月的页面说明会怎样(client_for: SignIn, operator_user: User) -> None:
    page = client_for(operator_user).get(page_of(station_of(operator_user))).content.decode()
    assert "还没有人入职满 6 个月" in page


def test_中心更正(client_for: SignIn, operator_user: User, centre_clerk: User, station: Station) -> None:
    check = opened(station)[0]
    url = reverse("roster:retention_check", args=[check.pk])
    client = client_for(centre_clerk)
    assert "更正统计结果" not in client.get(url).content.decode()  # nothing to correct yet
    retention.answer(station=station, answers={check.pk: Answer(RetentionResult.RETAINED)}, by=operator_user)
    assert "更正统计结果" in client.get(url).content.decode()
    assert "更正统计结果" not in client_for(operator_user).get(url).content.decode()
    assert client.post(url, {"revision": 0, "result": "LEFT", "reason": ""}).status_code == 422
    assert client.post(url, {"revision": 0, "result": "LEFT", "reason": "企业来函"}).status_code == 302
    assert client.post(url, {"revision": 0, "result": "UNVERIFIED", "reason": "旧页面"}).status_code == 409
    page = client_for(operator_user).get(url).content.decode()
    assert "企业来函" in page
    assert "留用" in page


def test_留用名册打印_表头每页重复_记入日志(client_for: SignIn, operator_user: User, station: Station) -> None:
    check = opened(station)[0]
    retention.answer(station=station, answers={check.pk: Answer(RetentionResult.RETAINED)}, by=operator_user)
    url = reverse("roster:retention_list", args=[station.pk])
    client = client_for(operator_user)
    assert client.post(url, {"kind": "pdf", "purpose": ""}).status_code == 422
    response = client.post(url, {"kind": "pdf", "purpose": "归档"})
    assert response["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        assert len(pdf.pages) == 1
    entry = AuditEntry.objects.get(action="retention.export_pdf")
    assert (entry.purpose, entry.detail) == ("归档", {"rows": 3})
    assert check.delivery.person.id_number not in response["Content-Disposition"]


def test_留用名册导出_号码为文本_按应统计日(client_for: SignIn, operator_user: User, station: Station) -> None:
    deliver(station, operator_user, 9, entry_on=dt.date(2021, 4, 1))
    checks = opened(station, dt.date(2021, 10, 8))
    assert len(checks) == 4
    url = reverse("roster:retention_list", args=[station.pk])
    form = {"kind": "xlsx", "purpose": "归档", "since": "2021-10-01", "until": "2021-10-31"}
    sheet = openpyxl.load_workbook(io.BytesIO(client_for(operator_user).post(url, form).content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[3][:3] == ("序号", "姓名", "身份证号")
    assert len(rows) == 5
    assert isinstance(rows[4][2], str)
    assert len(rows[4][2]) == 18
    assert operator_user.name in rows[1][0]


def test_人多时在后台生成(
    client_for: SignIn, operator_user: User, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(station)
    monkeypatch.setattr(retention_list, "AT_ONCE", 1)
    url = reverse("roster:retention_list", args=[station.pk])
    response = client_for(operator_user).post(url, {"kind": "xlsx", "purpose": "归档"})
    job = Job.objects.get(kind="roster.retention_list")
    assert response["Location"] == reverse("jobs:detail", args=[job.pk])
    args = {"station": str(station.pk), "kind": "xlsx", "purpose": "归档", "span": ["", ""]}
    tasks_station.make_retention_list.func(job_id=str(job.pk), by=str(operator_user.pk), **args)
    job.refresh_from_db()
    assert job.result is not None
    assert (job.state, job.result.secret) == ("DONE", True)


# --- 参保查询 ----------------------------------------------------------------------------------------------------


def test_查询名单每人一行_号码为文本_须写用途(
    client_for: SignIn, operator_user: User, centre_clerk: User, station: Station
) -> None:
    deliver(station, operator_user, 1, entry_on=dt.date(2021, 9, 1))  # the same person again
    client, url = client_for(centre_clerk), reverse("roster:station_query", args=[station.pk])
    assert client.post(url, {"purpose": " "}).status_code == 422
    response = client.post(url, {"purpose": "核对参保"})
    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))
    assert rows[1] == ("序号", "姓名", "身份证号")
    numbers = [row[2] for row in rows[2:]]
    assert len(numbers) == len(set(numbers)) == 3
    assert all(isinstance(text, str) for text in numbers)
    entry = AuditEntry.objects.get(action="insurance.export_query")
    assert (entry.purpose, entry.detail) == ("核对参保", {"rows": 3})
    assert client_for(operator_user).post(url, {"purpose": "核对"}).status_code == 403


def test_全区的查询名单(client_for: SignIn, stranger_operator: User, centre_clerk: User, station: Station) -> None:
    deliver(station_of(stranger_operator), stranger_operator, 8)
    response = client_for(centre_clerk).post(reverse("roster:district_query"), {"purpose": "核对参保"})
    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))
    assert len(rows) == 6
    assert station_queries.number(None) == 4


def test_导入结果_不在名册和前后不一致的行列在页面上(
    client_for: SignIn, operator_user: User, centre_clerk: User, station: Station
) -> None:
    row = station.deliveries.first()
    assert row is not None
    stranger = insured(row, 202103)
    stranger[1] = "529999199506150025"
    lines = [*paid([row], 202103, 202104), insured(row, 202103, status="欠缴"), stranger, insured(row, "三月")]
    data = extract_file(lines)
    form = {
        "file": upload(data, "明细.xlsx"),
        "month_from": "202103",
        "month_to": "202109",
        "source": "社保系统查询",
    }
    url = reverse("roster:station_insurance", args=[station.pk])
    response = client_for(centre_clerk).post(url, form)
    extract = InsuranceExtract.objects.get()
    assert response["Location"] == reverse("roster:extract", args=[extract.pk])
    assert (extract.station, extract.asked, extract.found, extract.unmatched) == (station, 3, 1, 1)
    page = client_for(centre_clerk).get(response["Location"]).content.decode()
    assert "第 5 行：不是本站的人员" in page
    assert "不在名册" in page
    assert "同一人同一月份" in page
    assert "不是月份" in page
    assert "529999199506150025" not in page
    assert "查看核算变化" in page
    only = client_for(centre_clerk).get(f"{response['Location']}?kind=UNMATCHED").content.decode()
    assert "同一人同一月份" not in only
    row.refresh_from_db()
    assert row.status == "COUNTED"
    again = client_for(centre_clerk).post(url, {**form, "file": upload(data, "明细.xlsx")})
    assert again.status_code == 302
    assert InsuranceExtract.objects.count() == 1


# --- 人数核算 ----------------------------------------------------------------------------------------------------


def test_中心按一下重新核算全区_页面说明变化(
    client_for: SignIn, operator_user: User, centre_clerk: User, station: Station
) -> None:
    Delivery.objects.filter(station=station).update(status="COUNTED", codes=[])
    client = client_for(centre_clerk)
    response = client.post(reverse("roster:recounts"))
    recount = Recount.objects.get()
    assert recount.job is not None
    assert response["Location"] == reverse("jobs:detail", args=[recount.job.pk])
    assert "核算还没有完成" in client.get(recount.get_absolute_url()).content.decode()
    tasks_station.recount_now.func(job_id=str(recount.job.pk), recount=str(recount.pk))
    page = client.get(recount.get_absolute_url()).content.decode()
    assert "计入 → 待核" in page
    assert "新增 参保情况待查" in page
    row = station.deliveries.first()
    assert row is not None
    assert row.person.masked_id in page
    assert row.person.id_number not in page
    recount.job.refresh_from_db()
    assert "3 行有变化" in recount.job.message
    assert client_for(operator_user).get(recount.get_absolute_url()).status_code == 403
    assert "没有符合条件" in client.get(f"{recount.get_absolute_url()}?code=E01").content.decode()


def test_重新核算一个站(client_for: SignIn, centre_clerk: User, station: Station) -> None:
    response = client_for(centre_clerk).post(reverse("roster:recount_station", args=[station.pk]))
    assert response.status_code == 302
    assert Recount.objects.get().station == station
