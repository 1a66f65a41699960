"""补贴 (第五章): what is owed, to whom, decided by whom, paid once."""
