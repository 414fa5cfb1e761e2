"""Posts with their menus and photos; follows, blocks, identities; profiles; the search index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _photos()
    _profiles()
    _posts()
    _people()
    op.create_table(
        "place_gram",
        sa.Column("gram", sa.String(8), nullable=False),
        sa.Column("place_id", Key, nullable=False),
        sa.PrimaryKeyConstraint("gram", "place_id", name="pk_place_gram"),
        _belongs("place_gram", "place_id", "place"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_place_gram_place_id", "place_gram", ["place_id"])


def downgrade() -> None:
    for table in ("place_gram", "identity", "block", "follow", "menu", "post"):
        op.drop_table(table)
    op.drop_index("ix_member_deleted_at", "member")
    for column in ("search", "deleted_at", "bio", "photo_id"):
        op.drop_column("member", column)
    op.drop_table("photo")


def _photos() -> None:
    op.create_table(
        "photo",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("owner_id", Key, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("used", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_photo"),
        _belongs("photo", "owner_id", "member"),
    )
    op.create_index("ix_photo_owner_id", "photo", ["owner_id"])
    op.create_index("ix_photo_digest", "photo", ["digest"])
    op.create_index("ix_photo_used_created_at", "photo", ["used", "created_at"])


def _profiles() -> None:
    # Not in batch mode: it drops the old table, and with it, by cascade, every live.
    photo = sa.ForeignKey("photo.id", name="fk_member_photo_id")
    op.add_column("member", sa.Column("photo_id", sa.String(22), photo), inline_references=True)
    op.add_column("member", sa.Column("bio", sa.Text, nullable=False, server_default=""))
    op.add_column("member", sa.Column("deleted_at", sa.Double))
    op.add_column("member", sa.Column("search", sa.Text, nullable=False, server_default=""))
    op.create_index("ix_member_deleted_at", "member", ["deleted_at"])


def _posts() -> None:
    op.create_table(
        "post",
        sa.Column("id", Key, nullable=False),
        sa.Column("author_id", Key, nullable=False),
        sa.Column("place_id", Key, nullable=False),
        sa.Column("category", sa.String(10), nullable=False),
        sa.Column("rating", sa.Integer),
        sa.Column("visibility", sa.String(7), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("text_origin", sa.String(9), nullable=False),
        sa.Column("eaten_on", sa.Date),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("updated_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
        _belongs("post", "author_id", "member"),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name="fk_post_place_id"),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_post_rating")),
        sa.CheckConstraint(
            "visibility IN ('private', 'friends', 'public')", name=op.f("ck_post_visibility")
        ),
        sa.CheckConstraint(
            "text_origin IN ('own', 'ai', 'ai_edited', 'template')",
            name=op.f("ck_post_text_origin"),
        ),
        sqlite_autoincrement=True,
    )
    feed = ["created_at", "id", "author_id", "visibility", "category"]
    author = ["author_id", "created_at", "id", "visibility", "category"]
    place = ["place_id", "created_at", "id", "author_id", "visibility"]
    op.create_index("ix_post_feed", "post", feed)
    op.create_index("ix_post_author", "post", author)
    op.create_index("ix_post_place", "post", place)
    op.create_table(
        "menu",
        sa.Column("id", Key, nullable=False),
        sa.Column("post_id", Key, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("price", sa.Integer),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("photo_id", sa.String(22)),
        sa.Column("main", sa.Boolean(create_constraint=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_menu"),
        _belongs("menu", "post_id", "post"),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], ondelete="SET NULL", name="fk_menu_photo_id"
        ),
        sa.UniqueConstraint("post_id", "position", name="uq_menu_post_id_position"),
        sa.UniqueConstraint("post_id", "name", name="uq_menu_post_id_name"),
    )
    op.create_index("ix_menu_photo_id", "menu", ["photo_id"])


def _people() -> None:
    for table, first, second in (
        ("follow", "follower_id", "followee_id"),
        ("block", "blocker_id", "blocked_id"),
    ):
        op.create_table(
            table,
            sa.Column(first, Key, nullable=False),
            sa.Column(second, Key, nullable=False),
            sa.Column("created_at", sa.Double, nullable=False),
            sa.PrimaryKeyConstraint(first, second, name=f"pk_{table}"),
            _belongs(table, first, "member"),
            _belongs(table, second, "member"),
            sa.CheckConstraint(f"{first} <> {second}", name=op.f(f"ck_{table}_other")),
        )
        op.create_index(f"ix_{table}_{second}", table, [second])
    op.create_table(
        "identity",
        sa.Column("provider", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("member_id", Key, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("provider", "subject", name="pk_identity"),
        _belongs("identity", "member_id", "member"),
    )
    op.create_index("ix_identity_member_id", "identity", ["member_id"])


def _belongs(table: str, column: str, owner: str) -> sa.ForeignKeyConstraint:
    """Goes when its owner goes."""
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [f"{owner}.id"], ondelete="CASCADE", name=name)
