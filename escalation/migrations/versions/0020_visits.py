"""Technicians' visits"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "visits",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operator_id", sa.Text(), nullable=False, unique=True),
        sa.Column("ticket_id", sa.Uuid(), sa.ForeignKey("tickets.id"), nullable=False),
        sa.Column("technician", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("begins_at", instant, nullable=False),
        sa.Column("ends_at", instant, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text()),
        sa.Column("order_id", sa.Text()),
        sa.Column("plan_mbps", sa.Float()),
        sa.Column("arrived_at", instant),
        sa.Column("finished_at", instant),
        sa.Column("work", postgresql.JSONB(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("measured_mbps", sa.Float()),
        sa.Column("speed_reason", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
    )
    op.create_index("visits_day", "visits", ["technician", "begins_at"])
    op.create_index("visits_ticket", "visits", ["ticket_id"])


def downgrade() -> None:
    op.drop_table("visits")
