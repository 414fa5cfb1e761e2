"""Recordings of lives whose host wanted one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

Size = sa.BigInteger().with_variant(sa.Integer, "sqlite")

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    no = sa.false()
    wanted = sa.Column("recorded", sa.Boolean, nullable=False, server_default=no)
    op.add_column("live", wanted)
    op.create_table(
        "recording",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("live_id", sa.String(22), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("seconds", sa.Double),
        sa.Column("size", Size, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_recording"),
        sa.ForeignKeyConstraint(
            ["live_id"], ["live.id"], ondelete="CASCADE", name="fk_recording_live_id"
        ),
    )
    op.create_index("ix_recording_live_id", "recording", ["live_id"])


def downgrade() -> None:
    op.drop_table("recording")
    op.drop_column("live", "recorded")
