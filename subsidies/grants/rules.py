"""第五章 as pure functions: what a station is owed, what keeps it from being paid, what is left after other benefits
and corrections (R-33, R-43 … R-48)."""
