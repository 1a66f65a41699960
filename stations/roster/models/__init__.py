"""附件2 as data: people, what was delivered, how it came in, what social insurance says."""

from .contracts import Contract, SkillCertificate
from .deliveries import Adjudication, Delivery, DeliveryQuerySet
from .headcounts import Headcount, HeadcountQuerySet
from .imports import ImportBatch, ImportBatchQuerySet, StagedRow
from .insurance import InsuranceExtract, InsuredMonth
from .lists import RosterList, RosterListQuerySet
from .people import ID_CONTEXT, ID_PURPOSE, RAW_CONTEXT, Person
from .recounts import Recount, RecountChange, RecountQuerySet
from .retention import RetentionCheck, RetentionCheckQuerySet, RetentionCorrection
from .years import ClaimDecision, FrozenYear, FrozenYearQuerySet, RowCorrection

__all__ = [
    "ID_CONTEXT",
    "ID_PURPOSE",
    "RAW_CONTEXT",
    "Adjudication",
    "ClaimDecision",
    "Contract",
    "Delivery",
    "DeliveryQuerySet",
    "FrozenYear",
    "FrozenYearQuerySet",
    "Headcount",
    "HeadcountQuerySet",
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
    "RowCorrection",
    "SkillCertificate",
    "StagedRow",
]
