"""The versions of the notice over time: `policy_on(day)`, `policy_version(id)`."""

from jinhua_labor.rulebook.book import Certainty, NoPolicy, PolicyOn, policy_on, policy_version

__all__ = ["Certainty", "NoPolicy", "PolicyOn", "policy_on", "policy_version"]
