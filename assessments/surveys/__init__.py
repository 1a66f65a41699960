"""满意度调查 (附件3 C1, C2; R-58, R-59): samples, one-time links, anonymous answers."""
