"""A batch is the sum of its payments, whoever writes them: looked at by the database at the end of the transaction."""

from __future__ import annotations

SUM = [("found_lines", "BIGINT"), ("found_total", "NUMERIC")]


def sum_holds(batch: str) -> str:
    """What was taken out of the batch counts no more."""
    return (
        f"SELECT count(*), coalesce(sum(amount), 0) INTO found_lines, found_total"  # noqa: S608  (our own names)
        f" FROM subsidies_payment WHERE batch_id = {batch} AND state <> 'REMOVED';"
        f" IF NOT EXISTS (SELECT 1 FROM subsidies_batch b WHERE b.id = {batch} AND b.lines = found_lines"
        " AND b.total = found_total) THEN"
        " RAISE EXCEPTION 'a batch is the sum of its payments' USING ERRCODE = '23514'; END IF; RETURN NULL;"
    )
