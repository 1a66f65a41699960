"""附件2 as data: people, what was delivered, how it came in, what social insurance says."""

from .deliveries import Adjudication, Delivery, DeliveryQuerySet
from .imports import ImportBatch, ImportBatchQuerySet, StagedRow
from .insurance import InsuranceExtract, InsuredMonth
from .lists import RosterList, RosterListQuerySet
from .people import ID_CONTEXT, ID_PURPOSE, RAW_CONTEXT, Person
from .recounts import Recount, RecountChange, RecountQuerySet
from .retention import RetentionCheck, RetentionCheckQuerySet, RetentionCorrection

__all__ = [
    "ID_CONTEXT",
    "ID_PURPOSE",
    "RAW_CONTEXT",
    "Adjudication",
    "Delivery",
    "DeliveryQuerySet",
    "ImportBatch",
    "ImportBatchQuerySet",
    "InsuranceExtract",
    "InsuredMonth",
    "Person",
    "Recount",
    "RecountChange",
    "RecountQuerySet",
    "RetentionCheck",
    "RetentionCheckQuerySet",
    "RetentionCorrection",
    "RosterList",
    "RosterListQuerySet",
    "StagedRow",
]
