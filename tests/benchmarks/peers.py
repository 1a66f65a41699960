"""django-import-export bringing in the same rows, in two ways.

Into the portal's own tables (person with encrypted number and keyed hash, delivery), with the portal's check of the
number and reading of the province: the same work, done its way. And into one flat table with nothing encrypted: less
work than the portal's. Each with the library's defaults, and in its bulk mode as fast as it goes: no look-up of what is
there already, persons created in bulk beforehand, employers looked up once.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone
from import_export import fields, resources, widgets
from import_export.formats.base_formats import XLSX
from stdnum.cn import ric

from jinhua_labor.core.crypto import blind_index_many
from jinhua_labor.core.idnumber import parse
from jinhua_labor.core.provinces import province_of_text
from stations.registry.models import Employer
from stations.roster.models import ID_PURPOSE, Delivery, Person, RosterList

from . import rosters
from .models import PeerWorker

_DAY = widgets.DateWidget("%Y-%m-%d")


def _person(text: str) -> Person:
    number = parse(str(text))
    return Person(
        id_number=number.text,
        id_index=blind_index_many(ID_PURPOSE, [number.text])[0],
        last4=number.text[14:],
        id_province=number.province,
        sex=number.sex,
        birth=number.birth,
    )


class _Known(widgets.Widget):  # type: ignore[misc]
    """The value is an object already: a hook put it into the row."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return row["person"]


class _Deliveries(resources.ModelResource):  # type: ignore[misc]
    person = fields.Field("person", "身份证号", _Known())
    employer = fields.Field("employer", "入职企业", widgets.ForeignKeyWidget(Employer, "name"))
    entry_on = fields.Field("entry_on", "入职时间", _DAY)
    name = fields.Field("name", "姓名", widgets.CharWidget())
    hukou_text = fields.Field("hukou_text", "户籍", widgets.CharWidget())

    class Meta:
        model = Delivery
        import_id_fields = ("person", "employer", "entry_on")
        fields = ("person", "employer", "entry_on", "name", "hukou_text")

    def __init__(self, roster_list: RosterList) -> None:
        super().__init__()
        self.roster_list, self.now = roster_list, timezone.now()

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        wanted = _person(row["身份证号"])
        row["person"], _ = Person.objects.get_or_create(
            id_index=wanted.id_index,
            defaults={
                "id_number": wanted.id_number, "last4": wanted.last4, "id_province": wanted.id_province,
                "sex": wanted.sex, "birth": wanted.birth,
            },
        )  # fmt: skip

    def before_save_instance(self, instance: Delivery, row: Any, **kwargs: Any) -> None:
        instance.operator_id, instance.roster_list = self.roster_list.operator_id, self.roster_list
        instance.hukou_province = province_of_text(instance.hukou_text) or ""
        instance.employment_form, instance.seq = "DIRECT", row["序号"]
        instance.consent_version, instance.consent_at = "v1", self.now


class _BulkDeliveries(_Deliveries):
    employer = fields.Field("employer", "入职企业", widgets.CachedForeignKeyWidget(Employer, "name"))

    class Meta(_Deliveries.Meta):
        use_bulk, batch_size, skip_diff, force_init_instance = True, 1000, True, True

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.persons = {text: _person(text) for text in dataset["身份证号"]}
        Person.objects.bulk_create(self.persons.values(), batch_size=1000, ignore_conflicts=True)

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        row["person"] = self.persons[row["身份证号"]]


class _Number(widgets.CharWidget):  # type: ignore[misc]
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        number = str(value).strip().upper()
        if len(number) != 18 or ric.calc_check_digit(number) != number[-1]:
            raise ValueError("身份证号校验不通过")
        return number


class _Flat(resources.ModelResource):  # type: ignore[misc]
    id_number = fields.Field("id_number", "身份证号", _Number())
    name = fields.Field("name", "姓名", widgets.CharWidget())
    hukou = fields.Field("hukou", "户籍", widgets.CharWidget())
    employer = fields.Field("employer", "入职企业", widgets.CharWidget())
    entry_on = fields.Field("entry_on", "入职时间", _DAY)

    class Meta:
        model = PeerWorker
        import_id_fields = ("id_number",)
        fields = ("id_number", "name", "hukou", "employer", "entry_on")


class _BulkFlat(_Flat):
    class Meta(_Flat.Meta):
        use_bulk, batch_size, skip_diff, force_init_instance = True, 1000, True, True


def _imported(resource: Any, path: Path, rows: int) -> dict[str, float]:
    data = path.read_bytes()
    start = time.perf_counter()
    result = resource.import_data(XLSX().create_dataset(data), dry_run=False, raise_errors=True)
    seconds = time.perf_counter() - start
    model = resource._meta.model
    if result.has_errors() or model.objects.count() != rows:
        raise SystemExit("rows are missing")
    return {"seconds": seconds}


def defaults(path: Path, rows: int) -> dict[str, float]:
    """Into the portal's tables, with the library's defaults."""
    return _imported(_Deliveries(rosters.empty_list(rosters.operator())), path, rows)


def bulk(path: Path, rows: int) -> dict[str, float]:
    """Into the portal's tables, in bulk mode."""
    return _imported(_BulkDeliveries(rosters.empty_list(rosters.operator())), path, rows)


def _empty_flat() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE benchmarks_peerworker")


def flat_defaults(path: Path, rows: int) -> dict[str, float]:
    """Into one flat table, with the library's defaults."""
    _empty_flat()
    return _imported(_Flat(), path, rows)


def flat_bulk(path: Path, rows: int) -> dict[str, float]:
    """Into one flat table, in bulk mode."""
    _empty_flat()
    return _imported(_BulkFlat(), path, rows)
