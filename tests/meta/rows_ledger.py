"""Rows of the station file and the ledger that the database accepts; see `rows`."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from stations.ledger.enums import Item
from stations.ledger.models import JobDemand, LedgerBook, LedgerEntry
from stations.registry.enums import PaperKind
from stations.registry.models import StationPaper, StationPaperFile
from tests.meta.rows import DAY, LATER, _made, attachment, clerk, employer, operator, station


def station_paper(**fields: Any) -> StationPaper:
    return _made(
        StationPaper,
        {
            "station": station,
            "kind": PaperKind.RULES,
            "version": 1,
            "title": "测试管理制度",
            "valid_from": DAY,
            "filed_on": DAY,
            "added_by": operator,
        },
        fields,
    )


def station_paper_file(**fields: Any) -> StationPaperFile:
    return _made(StationPaperFile, {"paper": station_paper, "attachment": attachment}, fields)


def ledger_entry(**fields: Any) -> LedgerEntry:
    return _made(
        LedgerEntry,
        {
            "station": station,
            "period": 1,
            "item": Item.L1,
            "employer": employer,
            "title": "测试企业情况",
            "paper_volume": "2023-01册",
            "added_by": operator,
        },
        fields,
    )


def job_demand(**fields: Any) -> JobDemand:
    return _made(
        JobDemand,
        {
            "station": station,
            "employer": employer,
            "post": "测试装配工",
            "headcount": 20,
            "wage_min": 5500,
            "wage_max": 7500,
            "place": "金东区测试路",
            "valid_from": DAY,
            "valid_to": LATER,
            "added_by": operator,
        },
        fields,
    )


def published_demand(**fields: Any) -> JobDemand:
    return job_demand(published_by=clerk(), published_at=timezone.now(), **fields)


def ledger_book(**fields: Any) -> LedgerBook:
    return _made(
        LedgerBook,
        {
            "station": station,
            "period": 1,
            "file": attachment,
            "pages": 12,
            "as_of": DAY,
            "purpose": "测试归档",
            "made_by": operator,
        },
        fields,
    )
