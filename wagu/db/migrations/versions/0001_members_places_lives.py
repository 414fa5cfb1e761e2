"""Members, places, lives, and the link that makes the first admin."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "member",
        sa.Column("id", Key, nullable=False),
        sa.Column("username", sa.String(30), nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("admin", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
        sa.UniqueConstraint("username", name="uq_member_username"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "place",
        sa.Column("id", Key, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("lat", sa.Double, nullable=False),
        sa.Column("lng", sa.Double, nullable=False),
        sa.Column("category", sa.String(20)),
        sa.Column("address", sa.String(200)),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("created_by", Key),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_place"),
        sa.ForeignKeyConstraint(
            ["created_by"], ["member.id"], ondelete="SET NULL", name="fk_place_created_by"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_place_lat_lng", "place", ["lat", "lng"])
    op.create_table(
        "live",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("host_id", Key, nullable=False),
        sa.Column("place_id", Key),
        sa.Column("state", sa.String(11), nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("started_at", sa.Double),
        sa.Column("ended_at", sa.Double),
        sa.Column("peak_viewers", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_live"),
        sa.ForeignKeyConstraint(
            ["host_id"], ["member.id"], ondelete="CASCADE", name="fk_live_host_id"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], ondelete="SET NULL", name="fk_live_place_id"
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'on_air', 'interrupted', 'ended')", name=op.f("ck_live_state")
        ),
    )
    op.create_index("ix_live_host_id", "live", ["host_id"])
    op.create_index("ix_live_place_id", "live", ["place_id"])
    op.create_index("ix_live_state", "live", ["state"])
    op.create_table(
        "setup",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_setup"),
        sa.CheckConstraint("id = 1", name=op.f("ck_setup_single")),
    )


def downgrade() -> None:
    for table in ("setup", "live", "place", "member"):
        op.drop_table(table)
