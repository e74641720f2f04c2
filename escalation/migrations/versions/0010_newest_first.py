"""Tickets by their age as the TMF face lists and counts them; solved ones by how long nobody has said otherwise"""

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
    resolved = sa.text("status = 'resolved'")
    op.create_index("tickets_unconfirmed", "tickets", ["resolved_at"], postgresql_where=resolved)


def downgrade() -> None:
    op.drop_index("tickets_unconfirmed", "tickets")
    op.drop_index("tickets_created", "tickets")
    op.create_index("tickets_created", "tickets", ["created_at"])
