"""The station itself, the operator's papers, the employers it delivers to, and who is barred."""

from .bans import Ban, BanQuerySet
from .employers import Employer, EmployerAlias, EmployerQuerySet, KeyEmployer
from .papers import StationPaper, StationPaperFile, StationPaperQuerySet
from .profiles import OperatorProfile
from .stations import Liaison, Station, StationQuerySet

__all__ = [
    "Ban",
    "BanQuerySet",
    "Employer",
    "EmployerAlias",
    "EmployerQuerySet",
    "KeyEmployer",
    "Liaison",
    "OperatorProfile",
    "Station",
    "StationPaper",
    "StationPaperFile",
    "StationPaperQuerySet",
    "StationQuerySet",
]
