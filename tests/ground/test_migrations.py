"""A portal set up earlier goes on from where it stands."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db


def test_先前的平台升级时_做过的不再做() -> None:
    """Its database calls the lookup of foreign keys 0003, and knows none of the station's year nor what follows."""
    recorder = MigrationRecorder(connection)
    recorder.migration_qs.filter(app="stations").exclude(name__in=["0001_initial", "0002_site_added_at"]).delete()
    recorder.migration_qs.filter(app__in=["assessments", "subsidies"]).delete()
    recorder.record_applied("stations", "0003_foreign_keys_by_lookup")
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    planned = [
        migration.name for migration, _ in executor.migration_plan([("stations", "0010_complaints_and_accidents")])
    ]
    assert planned[0] == "0003_ledger"
    assert "0008_foreign_keys_by_lookup" not in planned
    assert planned[-1] == "0010_complaints_and_accidents"
