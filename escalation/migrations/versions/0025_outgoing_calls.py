"""Calls that we make; when a callback was promised, and when it was given up"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("callbacks", sa.Column("promised_at", MOMENT, nullable=True))
    op.execute("UPDATE callbacks SET promised_at = asked_at")
    op.alter_column("callbacks", "promised_at", nullable=False)
    op.add_column("callbacks", sa.Column("given_up_at", MOMENT, nullable=True))
    op.create_table(
        "outgoing_calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("dialled_at", MOMENT, nullable=False),
        sa.Column("call_sid", sa.Text(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("purpose IN ('callback', 'confirmation')", name="purpose_of_outgoing_call"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ticket_id", "purpose", "since", "attempt"),
    )
    op.create_index(
        "outgoing_calls_under_way", "outgoing_calls", ["dialled_at"], postgresql_where=sa.text("outcome IS NULL")
    )


def downgrade() -> None:
    op.drop_table("outgoing_calls")
    op.drop_column("callbacks", "given_up_at")
    op.drop_column("callbacks", "promised_at")
