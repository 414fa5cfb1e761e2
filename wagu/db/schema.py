"""The tables. Portable between SQLite and PostgreSQL; the migrations create what stands here."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

WORKS_SINCE = "0004"
"""The oldest revision whose release can go on with this schema, as it has to while two releases run
side by side, and to go back to: since then migrations only added (expand). Whoever takes away what
an older release reads or writes (contract) raises it, a release after the last that needed it."""

# Only INTEGER PRIMARY KEY is SQLite's row id; PostgreSQL wants room for more.
Key = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

member = Table(
    "member",
    metadata,
    Column("id", Key, primary_key=True),
    Column("username", String(30), nullable=False, unique=True),
    Column("name", String(20), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("admin", Boolean(create_constraint=False), nullable=False),
    Column("created_at", Double, nullable=False),
    # Their face; a photo that is one cannot be deleted before this is changed.
    Column("photo_id", String(22), ForeignKey("photo.id", use_alter=True)),
    Column("bio", Text, nullable=False, server_default=""),
    # Set: the account is closed and invisible; 30 days later everything of theirs goes.
    Column("deleted_at", Double, index=True),
    # What people are searched by, as wagu.domain.hangul spells it: username and name.
    Column("search", Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,  # the id of a deleted member, known to sessions, never comes back
)

place = Table(
    "place",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", String(60), nullable=False),
    Column("lat", Double, nullable=False),
    Column("lng", Double, nullable=False),
    Column("category", String(20)),
    Column("address", String(200)),
    # Case-folded name and address: `lower()` of SQLite knows ASCII only.
    Column("search", Text, nullable=False),
    # The pixel of wagu.domain.mercator, on which maps lay their grid.
    Column("x", Integer, nullable=False, server_default="0"),
    Column("y", Integer, nullable=False, server_default="0"),
    Column("created_by", Key, ForeignKey("member.id", ondelete="SET NULL")),
    Column("created_at", Double, nullable=False),
    Index("ix_place_lat_lng", "lat", "lng"),
    Index("ix_place_pixel", "x", "y", "category", "id"),
    sqlite_autoincrement=True,
)

live = Table(
    "live",
    metadata,
    Column("id", String(22), primary_key=True),
    Column("title", String(60), nullable=False),
    Column("host_id", Key, ForeignKey("member.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("place_id", Key, ForeignKey("place.id", ondelete="SET NULL"), index=True),
    Column("state", String(11), nullable=False, index=True),
    Column("created_at", Double, nullable=False),
    Column("started_at", Double),
    Column("ended_at", Double),
    Column("peak_viewers", Integer, nullable=False),
    # Its host wants it recorded, and says so to everybody.
    Column("recorded", Boolean(create_constraint=False), nullable=False, server_default=false()),
    CheckConstraint("state IN ('waiting', 'on_air', 'interrupted', 'ended')", name="state"),
)

recording = Table(
    "recording",
    metadata,
    Column("id", String(22), primary_key=True),
    Column(
        "live_id", String(22), ForeignKey("live.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("media_type", String(40), nullable=False),
    Column("seconds", Double),
    Column("size", Key, nullable=False),
    Column("created_at", Double, nullable=False),
)

photo = Table(
    "photo",
    metadata,
    Column("id", String(22), primary_key=True),
    Column(
        "owner_id", Key, ForeignKey("member.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    # SHA-256 of the picture, under which wagu.images keeps it; two uploads of one share it.
    Column("digest", String(64), nullable=False, index=True),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    # False until a post or a profile shows it; swept after a day.
    Column("used", Boolean(create_constraint=False), nullable=False),
    Column("created_at", Double, nullable=False),
    Index("ix_photo_used_created_at", "used", "created_at"),
)

post = Table(
    "post",
    metadata,
    Column("id", Key, primary_key=True),
    Column("author_id", Key, ForeignKey("member.id", ondelete="CASCADE"), nullable=False),
    Column("place_id", Key, ForeignKey("place.id"), nullable=False),
    Column("category", String(10), nullable=False),
    Column("rating", Integer),
    Column("visibility", String(7), nullable=False),
    Column("text", Text, nullable=False),
    Column("text_origin", String(9), nullable=False),
    Column("eaten_on", Date),
    # What own records are searched by, as wagu.domain.hangul spells it: place and menus.
    Column("search", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("updated_at", Double, nullable=False),
    CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
    CheckConstraint("visibility IN ('private', 'friends', 'public')", name="visibility"),
    CheckConstraint("text_origin IN ('own', 'ai', 'ai_edited', 'template')", name="text_origin"),
    # Feeds and place pages walk these backwards; visibility is read without leaving the index.
    Index("ix_post_feed", "created_at", "id", "author_id", "visibility", "category"),
    Index("ix_post_author", "author_id", "created_at", "id", "visibility", "category"),
    Index("ix_post_place", "place_id", "created_at", "id", "author_id", "visibility"),
    sqlite_autoincrement=True,
)

menu = Table(
    "menu",
    metadata,
    Column("id", Key, primary_key=True),
    Column("post_id", Key, ForeignKey("post.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", String(40), nullable=False),
    Column("price", Integer),
    Column("text", Text, nullable=False),
    Column("photo_id", String(22), ForeignKey("photo.id", ondelete="SET NULL"), index=True),
    Column("main", Boolean(create_constraint=False), nullable=False),
    UniqueConstraint("post_id", "position"),
    UniqueConstraint("post_id", "name"),
)

follow = Table(
    "follow",
    metadata,
    Column("follower_id", Key, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "followee_id",
        Key,
        ForeignKey("member.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
    Column("created_at", Double, nullable=False),
    CheckConstraint("follower_id <> followee_id", name="other"),
)

block = Table(
    "block",
    metadata,
    Column("blocker_id", Key, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "blocked_id",
        Key,
        ForeignKey("member.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
    Column("created_at", Double, nullable=False),
    CheckConstraint("blocker_id <> blocked_id", name="other"),
)

identity = Table(
    "identity",
    metadata,
    # A sign-in elsewhere: who the provider says this is. E-mail addresses play no part.
    Column("provider", String(40), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column(
        "member_id", Key, ForeignKey("member.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("created_at", Double, nullable=False),
)

suspension = Table(
    "suspension",
    metadata,
    # An admin keeps this member out until the row goes.
    Column(
        "member_id",
        Key,
        ForeignKey("member.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("created_at", Double, nullable=False),
)

report = Table(
    "report",
    metadata,
    Column("id", Key, primary_key=True),
    Column(
        "reporter_id", Key, ForeignKey("member.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    # Whose it is that was reported; with neither post nor live, who was.
    Column(
        "member_id", Key, ForeignKey("member.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("post_id", Key, ForeignKey("post.id", ondelete="CASCADE"), index=True),
    Column("live_id", String(22), ForeignKey("live.id", ondelete="CASCADE"), index=True),
    Column("reason", String(10), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("closed_at", Double),
    Index("ix_report_open", "closed_at", "created_at", "id"),
    sqlite_autoincrement=True,
)

place_gram = Table(
    "place_gram",
    metadata,
    # The inverted index of places' names: which place has which piece (wagu.domain.hangul).
    Column("gram", String(8), primary_key=True),
    Column(
        "place_id",
        Key,
        ForeignKey("place.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
    sqlite_with_rowid=False,  # the key is all there is
)

setup = Table(
    "setup",
    metadata,
    # One row at most: the digest of the link that makes the first admin.
    Column("id", Integer, CheckConstraint("id = 1", name="single"), primary_key=True),
    Column("token_sha256", String(64), nullable=False),
)

compatibility = Table(
    "compatibility",
    metadata,
    # One row: WORKS_SINCE of whoever migrated last, for releases that know less than it.
    Column("id", Integer, CheckConstraint("id = 1", name="single"), primary_key=True),
    Column("works_since", String(32), nullable=False),
)
