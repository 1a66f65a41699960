"""The rooms' models in one place: one app, one migration history."""

from .applications.models import (
    Application,
    CountSnapshot,
    Defect,
    EstablishmentBatch,
    Judgement,
    Material,
    PaperReceipt,
    Site,
    SubmissionReceipt,
    SupplementNotice,
)
from .registry.models import Ban, Employer, EmployerAlias, KeyEmployer, Liaison, OperatorProfile, Station
from .roster.models import (
    Adjudication,
    Delivery,
    ImportBatch,
    InsuranceExtract,
    InsuredMonth,
    Person,
    RosterList,
    StagedRow,
)

__all__ = [
    "Adjudication",
    "Application",
    "Ban",
    "CountSnapshot",
    "Defect",
    "Delivery",
    "Employer",
    "EmployerAlias",
    "EstablishmentBatch",
    "ImportBatch",
    "InsuranceExtract",
    "InsuredMonth",
    "Judgement",
    "KeyEmployer",
    "Liaison",
    "Material",
    "OperatorProfile",
    "PaperReceipt",
    "Person",
    "RosterList",
    "Site",
    "StagedRow",
    "Station",
    "SubmissionReceipt",
    "SupplementNotice",
]
