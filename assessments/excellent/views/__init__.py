"""Pages of 第四章, by noun."""
