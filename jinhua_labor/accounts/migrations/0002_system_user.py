"""The user in whose name the portal acts by itself; it has no password and cannot sign in."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def create(apps: Any, _schema: Any) -> None:
    user = apps.get_model("accounts", "User")
    user.objects.get_or_create(
        role="SYSTEM", defaults={"username": "system", "name": "系统", "password": "!", "is_active": False}
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
