"""收款账户: where the money of a unit goes, and how that is changed."""
