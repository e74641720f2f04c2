"""Tickets by their age as the TMF face lists and counts them"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("tickets_created", "tickets")
    columns = [sa.text("created_at DESC"), "id"]
    op.create_index("tickets_created", "tickets", columns, postgresql_where=sa.text("deleted_at IS NULL"))


def downgrade() -> None:
    op.drop_index("tickets_created", "tickets")
    op.create_index("tickets_created", "tickets", ["created_at"])
