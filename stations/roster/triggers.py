"""Foreign keys of deliveries, checked once a statement instead of once a row.

PostgreSQL's own check asks for every row again; for a merge of 100 000 deliveries that is a third of its time, most of
it spent on the same twenty employers. These triggers say the same no: a delivery never names what does not exist, and
what deliveries name cannot go. Their SQL is made of the names in this file only.
"""

from __future__ import annotations

from typing import Final

import pgtrigger

_PERSON: Final = ("person_id", "stations_person")
_FEW: Final = (
    ("employer_id", "stations_employer"),
    ("operator_id", "accounts_organisation"),
    ("roster_list_id", "stations_rosterlist"),
    ("batch_id", "stations_importbatch"),
)


def _inserted() -> str:
    """Each name is looked up by its key in a subquery, which no plan turns into a walk through the whole table for each
    row: statistics taken while a large import is under way call a full table empty. EXECUTE, because a plan kept from a
    small table would do just that. Thousands of rows name one list and a few employers: what they name together is
    gathered in one walk over them, and looked up once."""
    cases = "".join(
        f" WHEN EXISTS (SELECT 1 FROM {rows} n WHERE n.{column} IS NOT NULL"  # noqa: S608
        f" AND (SELECT t.id FROM {table} t WHERE t.id = n.{column}) IS NULL) THEN ''{column}''"
        for rows, (column, table) in [("new_rows", _PERSON), *(("few", one) for one in _FEW)]
    )
    few = f"SELECT DISTINCT {', '.join(column for column, _ in _FEW)} FROM new_rows"  # noqa: S608
    return (
        f"EXECUTE 'WITH few AS MATERIALIZED ({few}) SELECT CASE{cases} END' INTO missing;"
        " IF missing IS NOT NULL THEN"
        " RAISE EXCEPTION '% names a row by % that does not exist', TG_TABLE_NAME, missing USING ERRCODE = '23503';"
        " END IF; RETURN NULL;"
    )


def _updated() -> str:
    parts = [
        f"IF NEW.{column} IS DISTINCT FROM OLD.{column} AND NEW.{column} IS NOT NULL"  # noqa: S608
        f" AND NOT EXISTS (SELECT 1 FROM {table} WHERE id = NEW.{column})"
        f" THEN RAISE EXCEPTION '% names a row by {column} that does not exist', TG_TABLE_NAME"
        " USING ERRCODE = '23503'; END IF; "
        for column, table in (_PERSON, *_FEW)
    ]
    return "".join([*parts, "RETURN NEW;"])


def refers() -> list[pgtrigger.Trigger]:
    """The triggers of deliveries: what they name exists, when they are added and when they are changed."""
    return [
        pgtrigger.Trigger(
            name="refers_on_insert",
            operation=pgtrigger.Insert,
            when=pgtrigger.After,
            level=pgtrigger.Statement,
            referencing=pgtrigger.Referencing(new="new_rows"),
            declare=[("missing", "TEXT")],
            func=_inserted(),
        ),
        pgtrigger.Trigger(
            name="refers_on_update",
            operation=pgtrigger.UpdateOf(*(column for column, _ in (_PERSON, *_FEW))),
            when=pgtrigger.Before,
            func=_updated(),
        ),
    ]


_CONTENT: Final = (
    "name", "person_id", "hukou_text", "hukou_province", "employer_id", "entry_on", "employment_form",
    "contract_employer_code", "leave_on", "leave_reason", "station_id", "operator_id",
)  # fmt: skip
_FROZEN: Final = (
    "EXISTS (SELECT 1 FROM stations_frozenyear f WHERE f.station_id = {row}.station_id"
    " AND {row}.entry_on BETWEEN f.starts_on AND f.ends_on)"
)
_RECORDED: Final = (
    "EXISTS (SELECT 1 FROM stations_rowcorrection c WHERE c.delivery_id = {row}.id AND c.at = transaction_timestamp())"
)
_FROZEN_NO: Final = (
    "RAISE EXCEPTION 'a row of a frozen year changes only with a correction record' USING ERRCODE = '23514'; "
)


def frozen_years() -> list[pgtrigger.Trigger]:
    """The triggers that keep a frozen year as it is (R-26): a row comes in, changes or moves only in the transaction
    that also wrote its `RowCorrection`; none is deleted. Counts are no content: a recount is not asked."""
    old, new = (", ".join(f"{row}.{column}" for column in _CONTENT) for row in ("OLD", "NEW"))
    joined = (
        "SELECT 1 FROM new_rows n JOIN stations_frozenyear f"
        " ON f.station_id = n.station_id AND n.entry_on BETWEEN f.starts_on AND f.ends_on"
    )
    return [
        pgtrigger.Trigger(
            name="frozen_on_insert",
            operation=pgtrigger.Insert,
            when=pgtrigger.After,
            level=pgtrigger.Statement,
            referencing=pgtrigger.Referencing(new="new_rows"),
            func=f"IF EXISTS ({joined} WHERE NOT {_RECORDED.format(row='n')}) THEN {_FROZEN_NO} END IF; RETURN NULL;",
        ),
        pgtrigger.Trigger(
            name="frozen_on_update",
            operation=pgtrigger.UpdateOf(*_CONTENT),
            when=pgtrigger.Before,
            func=(
                f"IF ({old}) IS DISTINCT FROM ({new})"
                f" AND ({_FROZEN.format(row='OLD')} OR {_FROZEN.format(row='NEW')})"
                f" AND NOT {_RECORDED.format(row='OLD')} THEN {_FROZEN_NO} END IF; RETURN NEW;"
            ),
        ),
        pgtrigger.Trigger(
            name="frozen_on_delete",
            operation=pgtrigger.Delete,
            when=pgtrigger.Before,
            func=f"IF {_FROZEN.format(row='OLD')} THEN {_FROZEN_NO} END IF; RETURN OLD;",
        ),
    ]


def referred_to(column: str) -> pgtrigger.Trigger:
    """The trigger of a table that deliveries name by `column`: a row that is named stays."""
    return pgtrigger.Trigger(
        name="named_by_delivery",
        operation=pgtrigger.Delete,
        when=pgtrigger.Before,
        func=(
            f"IF EXISTS (SELECT 1 FROM stations_delivery WHERE {column} = OLD.id) THEN"  # noqa: S608
            " RAISE EXCEPTION '% is named by deliveries', TG_TABLE_NAME"
            " USING ERRCODE = '23503'; END IF; RETURN OLD;"
        ),
    )
