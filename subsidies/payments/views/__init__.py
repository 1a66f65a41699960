"""Pages of 拨付, by noun."""
