"""The one place every connection comes from: joins the embedded cluster, refuses an old server."""

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base

from regulars.server import embedded
from regulars.server.environment import OLDEST_POSTGRES, Wrong


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own wrapper; importing settings or setting up Django does not start anything."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if settings.EMBEDDED_POSTGRES:
            embedded.join(settings.EMBEDDED_POSTGRES)
        connection = super().get_new_connection(conn_params)
        version = connection.info.server_version // 10_000
        if version < OLDEST_POSTGRES:
            connection.close()
            raise Wrong(
                f"This database is PostgreSQL {version}, and Regulars needs {OLDEST_POSTGRES} or "
                "newer: set DATABASE_URL to a newer server, or unset it to use the embedded one."
            )
        return connection
