"""补贴: derived from what was established, assessed and recognised, reviewed, approved, recovered."""
