"""What the database itself remembers, stirred: the order of rows, and which of them one transaction wrote.

A worker's answer and the mark on its card are written together. PostgreSQL keeps the number of that transaction beside
both rows, and rows lie in the order they came. After every answer the answers of the survey and its used cards are
therefore written again, all of them in one transaction, in a random order and the answers under new keys: neither
tells any more which belongs to which. Only in the first answer of all there is nothing to stir.
"""

from __future__ import annotations

import uuid

from django.db import connection

_ANSWERS = """
WITH gone AS (
    DELETE FROM assessments_surveyanswer WHERE survey_id = %s
    RETURNING survey_id, satisfaction, second, third, comment, answered_on
)
INSERT INTO assessments_surveyanswer (id, survey_id, satisfaction, second, third, comment, answered_on)
SELECT gen_random_uuid(), survey_id, satisfaction, second, third, comment, answered_on FROM gone ORDER BY random()
"""
_CARDS = """
WITH gone AS (
    DELETE FROM assessments_surveycard WHERE survey_id = %s AND used
    RETURNING id, survey_id, number, digest, code, delivery_id, employer_id, used
)
INSERT INTO assessments_surveycard (id, survey_id, number, digest, code, delivery_id, employer_id, used)
SELECT id, survey_id, number, digest, code, delivery_id, employer_id, used FROM gone ORDER BY random()
"""
_BALLOTS = """
WITH gone AS (
    DELETE FROM assessments_employerballot b USING assessments_surveycard c WHERE c.id = b.card_id AND c.survey_id = %s
    RETURNING c.survey_id, b.satisfaction, b.second, b.third, b.comment, b.answered_on
)
INSERT INTO assessments_surveyanswer (id, survey_id, satisfaction, second, third, comment, answered_on)
SELECT gen_random_uuid(), survey_id, satisfaction, second, third, comment, answered_on FROM gone ORDER BY random()
"""


def stir(survey_id: uuid.UUID) -> None:
    """Writes the answers of a workers' survey and its used cards again; the caller holds the survey's row."""
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS, [survey_id])
        cursor.execute(_CARDS, [survey_id])


def part(survey_id: uuid.UUID) -> None:
    """Parts the answers of a survey from its cards for good: employers' too, and the cards go. For its closing."""
    with connection.cursor() as cursor:
        cursor.execute(_BALLOTS, [survey_id])
        cursor.execute(_ANSWERS, [survey_id])
        cursor.execute("DELETE FROM assessments_surveycard WHERE survey_id = %s", [survey_id])
