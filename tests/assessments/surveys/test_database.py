"""What the database itself keeps: draws that add up, closed surveys, and no way from an answer to anyone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from assessments.models import EmployerBallot, SurveyAnswer
from assessments.surveys.enums import Kind
from tests.meta.rows import DAY, NOW, delivery
from tests.meta.rows_surveys import closed_survey, survey, survey_answer, survey_card

pytestmark = pytest.mark.django_db


def test_答卷的列里没有卡_人_企业_时刻() -> None:
    """By the schema: an answer names its survey and its day. Nothing points to it, its key is random."""
    columns = {field.column for field in SurveyAnswer._meta.local_fields}
    assert columns == {"id", "survey_id", "satisfaction", "second", "third", "comment", "answered_on"}
    assert SurveyAnswer._meta.pk.default.__name__ == "uuid4"
    pointing = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_fields
        if field.remote_field and field.remote_field.model is SurveyAnswer
    }
    assert pointing == set()


def test_答卷表没有留痕() -> None:
    """No history table and no foreign key of the database's own beside the survey."""
    events = [model for model in apps.get_models() if getattr(model, "pgh_tracked_model", None) is SurveyAnswer]
    assert events == []
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_relations(cursor, SurveyAnswer._meta.db_table)
    assert {column: table for column, (_, table) in constraints.items()} == {"survey_id": "assessments_survey"}


def test_卡上没有时刻() -> None:
    """A card says whether it was used, never when; a survey counts, it does not remember."""
    card = apps.get_model("assessments", "SurveyCard")
    kinds = (models.DateField, models.DateTimeField, models.BigAutoField, models.AutoField)
    assert [field.name for field in card._meta.local_fields if isinstance(field, kinds)] == []


def test_务工人员的答卷不能与卡放在一起() -> None:
    workers_card = survey_card(survey=survey(), employer=None, delivery=delivery())
    with pytest.raises(DatabaseError, match="apart from the card"), transaction.atomic():
        EmployerBallot.objects.create(card=workers_card, satisfaction="GOOD", answered_on=DAY)


@pytest.mark.parametrize("how", ["新增", "改动", "删除"])
def test_结束之后答卷不增不改不删(how: str) -> None:
    held = survey()
    answer = survey_answer(survey=held)
    type(held).objects.filter(pk=held.pk).update(closed_at=NOW, valid=1, satisfied=1)
    acts: dict[str, Callable[[], Any]] = {
        "新增": lambda: survey_answer(survey=held),
        "改动": lambda: SurveyAnswer.objects.filter(pk=answer.pk).update(satisfaction="BAD"),
        "删除": answer.delete,
    }
    with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        acts[how]()


def test_结束的调查不能重开() -> None:
    held = closed_survey()
    with pytest.raises(DatabaseError), transaction.atomic():
        type(held).objects.filter(pk=held.pk).update(closed_at=None, valid=None, satisfied=None)


def test_两类对象各一次() -> None:
    held = survey()
    other = survey(station=held.station, kind=Kind.EMPLOYERS)
    assert other.pk != held.pk
