"""Kinds of tickets with their forms, and relations between tickets"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("kind", sa.Text(), nullable=False, server_default="incident"))
    op.add_column(
        "tickets",
        sa.Column("form", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'{}'")),
    )
    op.add_column("tickets", sa.Column("system", sa.Text(), nullable=True))
    op.add_column("tickets", sa.Column("followed_up_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("tickets_kind", "tickets", ["kind", "created_at"], unique=False)
    op.execute(
        """
        UPDATE tickets SET kind = CASE category
            WHEN 'complaint' THEN 'complaint'
            WHEN 'feature-request' THEN 'wish'
            WHEN 'order-activation' THEN 'order-problem'
            ELSE 'incident' END
        """
    )
    op.alter_column("tickets", "kind", server_default=None)
    op.alter_column("tickets", "form", server_default=None)
    op.create_table(
        "ticket_relations",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.ForeignKeyConstraint(["to_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("ticket_id"),
    )
    op.create_index("ticket_relations_to", "ticket_relations", ["to_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ticket_relations_to", table_name="ticket_relations")
    op.drop_table("ticket_relations")
    op.drop_index("tickets_kind", table_name="tickets")
    for column in ("followed_up_at", "system", "form", "kind"):
        op.drop_column("tickets", column)
