"""Pages of the roster room, one module a noun."""
