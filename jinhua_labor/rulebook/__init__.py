"""The versions of the notice over time: `policy_on(day)`."""

from jinhua_labor.rulebook.book import Certainty, NoPolicy, PolicyOn, policy_on

__all__ = ["Certainty", "NoPolicy", "PolicyOn", "policy_on"]
