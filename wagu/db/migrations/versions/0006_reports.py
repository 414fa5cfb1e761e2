"""What people report to admins. A table of its own: the release before knows nothing of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", Key, nullable=False),
        sa.Column("reporter_id", Key, nullable=False),
        sa.Column("member_id", Key, nullable=False),
        sa.Column("post_id", Key),
        sa.Column("live_id", sa.String(22)),
        sa.Column("reason", sa.String(10), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("closed_at", sa.Double),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], ondelete="CASCADE", name=f"fk_report_{column}"
            )
            for column, table in (
                ("reporter_id", "member"),
                ("member_id", "member"),
                ("post_id", "post"),
                ("live_id", "live"),
            )
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_report_open", "report", ["closed_at", "created_at", "id"])
    for column in ("reporter_id", "member_id", "post_id", "live_id"):
        op.create_index(f"ix_report_{column}", "report", [column])


def downgrade() -> None:
    op.drop_table("report")
