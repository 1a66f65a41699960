"""年度评估 (第七条; R-28 … R-31, R-50 … R-67): opened, 附件3 scored, checked, answered, confirmed, published."""
