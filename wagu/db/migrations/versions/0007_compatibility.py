"""Which releases can go on with this schema: one row, written anew by every migration."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "compatibility",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("works_since", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_compatibility"),
        sa.CheckConstraint("id = 1", name="ck_compatibility_single"),
    )


def downgrade() -> None:
    op.drop_table("compatibility")
