"""The one place every connection comes from: joins the embedded cluster, refuses an old server."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base

from regulars.server import embedded
from regulars.server.environment import OLDEST_POSTGRES, Wrong


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own wrapper; importing settings or setting up Django does not start anything."""

    kept = 0  # what `lib.retrying` must not do once more

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(self._keeping)

    def _commit(self) -> Any:
        done = super()._commit()  # type: ignore[misc]
        self.kept += 1
        return done

    def _keeping(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        """Outside a transaction every statement is kept by itself."""
        done = execute(sql, params, many, context)
        if not self.in_atomic_block and not str(sql).lstrip().upper().startswith("SELECT"):
            self.kept += 1
        return done

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
