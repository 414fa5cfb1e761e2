"""How much room the database takes, as it says itself."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import text

from wagu.db.engine import Database

Engine = Literal["sqlite", "postgresql"]
_SIZES: dict[Engine, str] = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


class Footprint:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def measure(self) -> tuple[Engine, int]:
        """Which one, and its bytes."""
        engine: Engine = "sqlite" if self._db.url.get_backend_name() == "sqlite" else "postgresql"
        async with self._db.read() as connection:
            size = (await connection.execute(text(_SIZES[engine]))).scalar_one()
        return engine, int(size)
