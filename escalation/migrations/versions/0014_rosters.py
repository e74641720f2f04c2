"""Rosters as supervisors change them, and to whom a ticket was offered"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("offer_round", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("tickets", sa.Column("asked_out_round", sa.Integer(), nullable=True))
    op.create_table(
        "roster_spans",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("substitute", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.Text(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    kept = sa.text("removed_at IS NULL")
    op.create_index("roster_spans_kept", "roster_spans", ["ends_at"], postgresql_where=kept)
    op.create_table(
        "roster_changes",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("maximum", sa.SmallInteger(), nullable=False),
        sa.Column("substitute", sa.Text(), nullable=True),
        sa.Column("skills", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("roster_changes_of", "roster_changes", ["username", "id"])
    op.create_table(
        "offers",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("tier", sa.SmallInteger(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ticket_id", "round", "username"),
    )
    is_open = sa.text("outcome IS NULL")
    op.create_index("offers_open", "offers", ["ticket_id"], unique=True, postgresql_where=is_open)
    op.create_index("offers_open_to", "offers", ["username"], postgresql_where=is_open)


def downgrade() -> None:
    op.drop_table("offers")
    op.drop_table("roster_changes")
    op.drop_table("roster_spans")
    op.drop_column("tickets", "asked_out_round")
    op.drop_column("tickets", "offer_round")
