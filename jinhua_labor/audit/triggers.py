"""Triggers of append-only tables: the database refuses what no service ever does."""

from __future__ import annotations

import pgtrigger


def append_only(*, seal_columns: tuple[str, ...] = ()) -> list[pgtrigger.Trigger]:
    """The triggers of a table whose rows are only ever added: UPDATE, DELETE and TRUNCATE raise an exception.

    `seal_columns` may be filled once, while they are all empty, and nothing else may change with them.
    """
    if seal_columns:
        empty = " AND ".join(f"OLD.{column} IS NULL" for column in seal_columns)
        same = "to_jsonb(NEW)" + "".join(f" - '{column}'" for column in seal_columns)
        update = f"IF {empty} AND {same} = {same.replace('NEW', 'OLD')} THEN RETURN NEW; END IF; "
    else:
        update = ""
    refuse = "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';"
    return [
        pgtrigger.Trigger(
            name="append_only_update", operation=pgtrigger.Update, when=pgtrigger.Before, func=update + refuse
        ),
        pgtrigger.Trigger(name="append_only_delete", operation=pgtrigger.Delete, when=pgtrigger.Before, func=refuse),
        pgtrigger.Trigger(
            name="append_only_truncate",
            operation=pgtrigger.Truncate,
            when=pgtrigger.Before,
            level=pgtrigger.Statement,
            func=refuse,
        ),
    ]
