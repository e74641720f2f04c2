"""The agreements that cover a ticket, what a missed target costs, and the terms of whoever holds the ticket"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("clocks", sa.Column("terms", JSONB))
    op.create_table(
        "ticket_agreements",
        sa.Column("ticket_id", sa.Uuid, sa.ForeignKey("tickets.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("agreement_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("agreement", JSONB, nullable=False),
        sa.Column("since", _AT, nullable=False),
        sa.Column("until", _AT),
    )
    op.create_table(
        "penalties",
        sa.Column("ticket_id", sa.Uuid, sa.ForeignKey("tickets.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("target", sa.Text, primary_key=True),
        sa.Column("agreement_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("owed_by", sa.Text, nullable=False),
        sa.Column("owed_to", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("amount", sa.Numeric(14, 3)),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("late_s", sa.Float, nullable=False),
        sa.Column("missed_at", _AT, nullable=False),
        sa.Column("reckoned_at", _AT, nullable=False),
        sa.Column("settled_at", _AT),
    )
    op.create_index("penalties_missed", "penalties", ["missed_at"])


def downgrade() -> None:
    op.drop_table("penalties")
    op.drop_table("ticket_agreements")
    op.drop_column("clocks", "terms")
