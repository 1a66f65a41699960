"""What needs Django: the movable clock, the filters, the calendar table, encrypted columns in a real database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test.utils import isolate_apps

from jinhua_labor.core import clock
from jinhua_labor.core.crypto import DecryptionError, blind_index
from jinhua_labor.core.fields import BlindIndexField, EncryptedTextField
from jinhua_labor.core.models import CalendarDay
from jinhua_labor.core.templatetags import portal_format
from jinhua_labor.core.workdays import WorkCalendar, forget_work_calendar, work_calendar


@pytest.fixture(autouse=True)
def fresh_calendar() -> Iterator[None]:
    forget_work_calendar()
    yield
    forget_work_calendar()


def test_clock_moves_by_the_setting_and_keeps_shanghai_days(settings: Any) -> None:
    settings.PORTAL_TODAY = None
    utc_evening = dt.datetime(2021, 9, 30, 16, 30, tzinfo=dt.UTC)
    assert clock.local_date(utc_evening) == dt.date(2021, 10, 1)
    settings.PORTAL_TODAY = dt.date(2021, 4, 12)
    assert clock.today() == dt.date(2021, 4, 12)
    assert clock.now().date() == dt.date(2021, 4, 12)
    assert clock.now().utcoffset() == dt.timedelta(hours=8)


def test_filters_show_shanghai_time_and_nothing_for_none() -> None:
    assert portal_format.date_cn(dt.datetime(2021, 9, 30, 16, 30, tzinfo=dt.UTC)) == "2021年10月1日"
    assert portal_format.datetime_cn(dt.datetime(2021, 9, 30, 16, 30, tzinfo=dt.UTC)) == "2021年10月1日 00:30"
    for name in ("date_cn", "datetime_cn", "month_cn", "money", "capitals", "mask_id", "mask_name", "mask_phone"):
        assert getattr(portal_format, name)(None) == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("today", "due", "left", "words"),
    [
        pytest.param("2021-09-30", "2021-10-13", 5, "还剩 5 个工作日", id="国庆前"),
        pytest.param("2021-10-13", "2021-10-13", 0, "今日到期", id="当天"),
        pytest.param("2021-10-14", "2021-10-13", -1, "已逾期 1 个工作日", id="次日"),
        pytest.param("2021-10-16", "2021-10-15", 0, "已逾期", id="逾期但未到工作日"),
    ],
)
def test_working_days_left(settings: Any, today: str, due: str, left: int, words: str) -> None:
    settings.PORTAL_TODAY = dt.date.fromisoformat(today)
    assert portal_format.workdays_left(dt.date.fromisoformat(due)) == left
    assert portal_format.workdays_left_cn(dt.date.fromisoformat(due)) == words


@pytest.mark.django_db
def test_recorded_day_is_seen_at_once_and_its_removal_too(django_assert_num_queries: Any) -> None:
    day = dt.date(2027, 10, 1)
    assert work_calendar().is_workday(day)
    row = CalendarDay.objects.create(day=day, is_workday=False, note="国庆节")
    assert not work_calendar().is_workday(day)
    assert work_calendar().known(2027)
    with django_assert_num_queries(0):
        work_calendar()
    row.delete()
    assert work_calendar().is_workday(day)
    assert work_calendar() == WorkCalendar.bundled()


@pytest.mark.django_db
def test_change_by_another_process_is_seen_after_the_check_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    work_calendar()
    CalendarDay.objects.bulk_create([CalendarDay(day=dt.date(2027, 10, 1), is_workday=False)])  # no save(), no signal
    monkeypatch.setattr("jinhua_labor.core.workdays._CHECK_SECONDS", 0.0)
    assert not work_calendar().is_workday(dt.date(2027, 10, 1))


@pytest.fixture
def secret_model(db: None) -> Iterator[type[models.Model]]:
    with isolate_apps("jinhua_labor.core"):

        class Secret(models.Model):  # lives for one test
            text = EncryptedTextField("密文", context="core_secret.text", max_length=18, null=True)
            index = BlindIndexField("摘要", null=True)

            class Meta:
                app_label = "core"

        with connection.schema_editor() as editor:
            editor.create_model(Secret)
        yield Secret


def test_encrypted_column_holds_no_clear_text_and_reads_back(secret_model: Any) -> None:
    number = "529999199001010019"
    secret_model.objects.create(text=number, index=blind_index("person", number))
    with connection.cursor() as cursor:
        cursor.execute("select text from core_secret")
        raw = bytes(cursor.fetchone()[0])
    assert number.encode() not in raw
    found = secret_model.objects.get(index=blind_index("person", "529999 199001010019"))
    assert found.text == number
    assert isinstance(found.index, bytes)


def test_encrypted_column_allows_null_but_no_search(secret_model: Any) -> None:
    secret_model.objects.create(text=None)
    assert secret_model.objects.filter(text__isnull=True).count() == 1
    with pytest.raises(FieldError, match="检索摘要"):
        secret_model.objects.filter(text="529999199001010019").exists()
    with pytest.raises(ValueError, match="32"):
        secret_model.objects.create(index=b"short")
    with pytest.raises(ValueError, match="不能导出"):
        secret_model._meta.get_field("text").value_to_string(secret_model(text="x"))


def test_changed_key_raises_instead_of_showing_ciphertext(secret_model: Any, settings: Any) -> None:
    secret_model.objects.create(text="529999199001010019")
    settings.FIELD_KEYS = {"other": b"9" * 32}
    with pytest.raises(DecryptionError):
        secret_model.objects.get()


def test_encrypted_field_survives_its_own_deconstruction() -> None:
    field = EncryptedTextField("密文", context="core_secret.text", max_length=18)
    field.set_attributes_from_name("text")
    _, _, args, kwargs = field.deconstruct()
    assert EncryptedTextField(*args, **kwargs).context == "core_secret.text"
    with pytest.raises(TypeError):
        EncryptedTextField("密文")  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        pytest.param(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36",
            "Chrome 浏览器（Windows）",
            id="电脑",
        ),
        pytest.param(
            "Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120", "Edge 浏览器（Windows）", id="Edge"
        ),
        pytest.param(
            "Mozilla/5.0 (Linux; Android 14) Chrome/116 Mobile Safari/537 MicroMessenger/8.0",
            "微信（安卓手机）",
            id="微信",
        ),
        pytest.param(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17 like Mac OS X) Version/17 Safari/604",
            "Safari 浏览器（苹果手机）",
            id="苹果",
        ),
        pytest.param("curl/8.1", "未知浏览器", id="不认识的"),
        pytest.param("", "未知浏览器", id="没有说"),
    ],
)
def test_登录设备用人看得懂的话(sent: str, shown: str) -> None:
    assert portal_format.device(sent) == shown
