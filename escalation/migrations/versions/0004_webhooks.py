"""Events for the hub's subscribers, and since when a subscription fails"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_WAITS = sa.text("delivered_at IS NULL AND dead_at IS NULL")


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("subscriptions", sa.Column("last_delivered_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "webhooks",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("give_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscriptions.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    order = ["subscription_id", "ticket_id", "id"]
    op.create_index("webhooks_in_order", "webhooks", order, postgresql_where=_WAITS)
    op.create_index("webhooks_due", "webhooks", ["subscription_id", "try_at"], postgresql_where=_WAITS)
    dead = sa.text("dead_at IS NOT NULL")
    op.create_index("webhooks_dead", "webhooks", ["subscription_id", "id"], postgresql_where=dead)


def downgrade() -> None:
    op.drop_table("webhooks")
    op.drop_column("subscriptions", "last_delivered_at")
    op.drop_column("subscriptions", "failing_since")
