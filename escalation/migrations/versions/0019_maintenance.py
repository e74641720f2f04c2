"""How far each maintenance window has come, and which tickets it affects"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "maintenance",
        sa.Column("ticket_id", sa.Uuid, sa.ForeignKey("tickets.id"), primary_key=True),
        sa.Column("announced_at", _AT),
        sa.Column("announced_until", _AT),
        sa.Column("begun_at", _AT),
        sa.Column("ended_at", _AT),
    )
    op.create_table(
        "maintenance_affected",
        sa.Column("window_id", sa.Uuid, sa.ForeignKey("tickets.id"), primary_key=True),
        sa.Column("ticket_id", sa.Uuid, sa.ForeignKey("tickets.id"), primary_key=True),
        sa.Column("begins", _AT, nullable=False),
        sa.Column("ends", _AT, nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.Column("withdrawn_at", _AT),
    )
    op.create_index("maintenance_affected_ticket", "maintenance_affected", ["ticket_id"])


def downgrade() -> None:
    op.drop_table("maintenance_affected")
    op.drop_table("maintenance")
