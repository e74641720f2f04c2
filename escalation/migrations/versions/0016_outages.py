"""Reports of faults, and the outages that many of them make"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "outages",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("ticket_id", sa.Uuid(), sa.ForeignKey("tickets.id"), nullable=False, unique=True),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("began_at", instant, nullable=False),
        sa.Column("suspected_at", instant, nullable=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Float(), nullable=False),
        sa.Column("chance", sa.Float(), nullable=False),
        sa.Column("expected_end", instant),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("ended_at", instant),
    )
    running = sa.text("state IN ('suspected', 'confirmed')")
    op.create_index("outages_running", "outages", ["area", "service"], unique=True, postgresql_where=running)
    op.create_index("outages_place", "outages", ["area", "service", "began_at"])
    op.create_table(
        "fault_reports",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("at", instant, nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text()),
        sa.Column("reachable", sa.Text()),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("explained_by", sa.Text()),
        sa.Column("outage_id", sa.Uuid(), sa.ForeignKey("outages.id")),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("linked_at", instant),
    )
    op.create_index("fault_reports_place", "fault_reports", ["area", "service", "at"])
    op.create_index("fault_reports_at", "fault_reports", ["at"])
    op.create_index("fault_reports_reporter", "fault_reports", ["reporter", "at"])
    op.create_index("fault_reports_contact", "fault_reports", ["contact_id"])
    unlinked = sa.text("outage_id IS NOT NULL AND linked_at IS NULL")
    op.create_index("fault_reports_unlinked", "fault_reports", ["outage_id"], postgresql_where=unlinked)


def downgrade() -> None:
    op.drop_table("fault_reports")
    op.drop_table("outages")
