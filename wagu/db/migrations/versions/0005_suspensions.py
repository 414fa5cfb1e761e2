"""Members whom an admin keeps out. A table of its own: the release before knows nothing of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suspension",
        sa.Column("member_id", Key, nullable=False, autoincrement=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("member_id", name="pk_suspension"),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], ondelete="CASCADE", name="fk_suspension_member_id"
        ),
    )


def downgrade() -> None:
    op.drop_table("suspension")
