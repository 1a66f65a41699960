"""Foreign keys of deliveries, checked once a statement instead of once a row.

PostgreSQL's own check asks for every row again; for a merge of 100 000 deliveries that is a third of its time, most of
it spent on the same twenty employers. These triggers say the same no: a delivery never names what does not exist, and
what deliveries name cannot go. Their SQL is made of the names in this file only.
"""

from __future__ import annotations

from typing import Final

import pgtrigger

_MANY: Final = ("person_id", "stations_person")
_FEW: Final = (
    ("employer_id", "stations_employer"),
    ("operator_id", "accounts_organisation"),
    ("roster_list_id", "stations_rosterlist"),
    ("batch_id", "stations_importbatch"),
)


def _raise(when: str, column: str) -> str:
    return (
        f"IF {when} THEN RAISE EXCEPTION '% names a row by {column} that does not exist', TG_TABLE_NAME"
        " USING ERRCODE = '23503'; END IF; "
    )


def _inserted() -> str:
    """Each name is looked up by its key in a subquery, which no plan turns into a walk through the whole table for each
    row: statistics taken while a large import is under way call a full table empty. EXECUTE, because a plan kept from a
    small table would do just that."""
    column, table = _MANY
    lookups = [(column, f"SELECT {column} AS id FROM new_rows", table)]  # noqa: S608
    # Thousands of rows name one list and a few employers: each is looked up once.
    lookups += [
        (column, f"SELECT DISTINCT {column} AS id FROM new_rows WHERE {column} IS NOT NULL", table)  # noqa: S608
        for column, table in _FEW
    ]
    parts = [
        f"EXECUTE 'SELECT EXISTS (SELECT 1 FROM ({named}) n"  # noqa: S608
        f" WHERE (SELECT t.id FROM {table} t WHERE t.id = n.id) IS NULL)' INTO missing; " + _raise("missing", column)
        for column, named, table in lookups
    ]
    return "".join([*parts, "RETURN NULL;"])


def _updated() -> str:
    parts = [
        _raise(
            f"NEW.{column} IS DISTINCT FROM OLD.{column} AND NEW.{column} IS NOT NULL"  # noqa: S608
            f" AND NOT EXISTS (SELECT 1 FROM {table} WHERE id = NEW.{column})",
            column,
        )
        for column, table in (_MANY, *_FEW)
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
            declare=[("missing", "BOOLEAN")],
            func=_inserted(),
        ),
        pgtrigger.Trigger(
            name="refers_on_update",
            operation=pgtrigger.UpdateOf(*(column for column, _ in (_MANY, *_FEW))),
            when=pgtrigger.Before,
            func=_updated(),
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
