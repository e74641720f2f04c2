"""Searches and lists by state are answered by indexes"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_WORDS = {"tickets_words_open": "closed_at IS NULL", "tickets_words_closed": "closed_at IS NOT NULL"}


def upgrade() -> None:
    columns = ["status", sa.text("created_at DESC"), "id"]
    op.create_index("tickets_status", "tickets", columns, postgresql_where=sa.text("deleted_at IS NULL"))
    op.create_index("tickets_customer", "tickets", ["customer_id"], postgresql_where=sa.text("customer_id IS NOT NULL"))
    op.create_index("tickets_category", "tickets", [sa.text("lower(category)")])
    for name, which in _WORDS.items():
        words = [sa.text("to_tsvector('simple', problem)")]
        op.create_index(name, "tickets", words, postgresql_using="gin", postgresql_where=sa.text(which))
    # Which states are over and which are not: PostgreSQL takes the two for independent, and what is open for rare.
    op.execute("CREATE STATISTICS tickets_states (mcv) ON status, closed_at FROM tickets")
    op.execute("ANALYZE tickets")


def downgrade() -> None:
    op.execute("DROP STATISTICS tickets_states")
    for name in (*_WORDS, "tickets_category", "tickets_customer", "tickets_status"):
        op.drop_index(name, "tickets")
