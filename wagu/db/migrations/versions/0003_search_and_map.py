"""Pixels of places for the map's grid; everything that was written before goes into the index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from wagu.db.reindex import reindex

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("x", "y"):
        op.add_column("place", sa.Column(column, sa.Integer, nullable=False, server_default="0"))
    op.create_index("ix_place_pixel", "place", ["x", "y", "category", "id"])
    reindex(op.get_bind())


def downgrade() -> None:
    op.drop_index("ix_place_pixel", "place")
    for column in ("y", "x"):
        op.drop_column("place", column)
