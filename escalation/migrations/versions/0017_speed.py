"""A page of the queue is found in one index, without reading the tickets before it"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_at IS NULL AND deleted_at IS NULL")


def upgrade() -> None:
    op.drop_index("tickets_open", "tickets")
    op.create_index(
        "tickets_open",
        "tickets",
        ["next_due_at", "created_at", "id"],
        postgresql_where=_OPEN,
        postgresql_include=["tier", "department", "status", "assignee", "asked"],
    )


def downgrade() -> None:
    op.drop_index("tickets_open", "tickets")
    op.create_index("tickets_open", "tickets", ["next_due_at"], postgresql_where=_OPEN)
