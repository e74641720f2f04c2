"""What the board measures: waiting, satisfaction, tiers of breaches, states of agents"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOVED = "what IN ('hand_up', 'hand_back') OR what LIKE 'moved up:%'"
INDEXES = (
    ("board_contacts_ended", "contacts", ["ended_at"], ""),
    ("board_contacts_started", "contacts", ["started_at"], ""),
    ("board_turns_missed", "turns", ["at"], "about ? 'miss'"),
    ("board_turns_decided", "turns", ["contact_id", "at"], "about ? 'decision'"),
    ("board_tickets_waited", "tickets", ["waited_from"], "waited_from IS NOT NULL"),
    ("board_tickets_accepted", "tickets", ["accepted_at"], ""),
    ("board_tickets_resolved", "tickets", ["resolved_at"], ""),
    ("board_tickets_closed", "tickets", ["closed_at"], ""),
    ("board_clocks_done", "clocks", ["done_at"], ""),
    ("board_clocks_late", "clocks", ["ticket_id"], "late AND done_at IS NULL"),
    ("board_steps_fired", "clock_steps", ["fired_at"], "share_pct = 100 AND fired_at IS NOT NULL"),
    ("board_audit_resolved", "audit", ["at"], "status = 'resolved'"),
    ("board_audit_moves", "audit", ["ticket_id", "what"], MOVED),
)


def upgrade() -> None:
    op.add_column("contacts", sa.Column("satisfaction", sa.SmallInteger(), nullable=True))
    op.add_column("tickets", sa.Column("waited_from", sa.DateTime(timezone=True), nullable=True))
    op.add_column("clock_steps", sa.Column("tier", sa.SmallInteger(), nullable=True))
    op.create_table(
        "agent_states",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("agent_states_of", "agent_states", ["username", "at"])
    op.create_index("agent_states_at", "agent_states", ["at"])
    for name, table, columns, where in INDEXES:
        op.create_index(name, table, columns, postgresql_where=sa.text(where) if where else None)


def downgrade() -> None:
    for name, table, _, _ in reversed(INDEXES):
        op.drop_index(name, table_name=table)
    op.drop_table("agent_states")
    op.drop_column("clock_steps", "tier")
    op.drop_column("tickets", "waited_from")
    op.drop_column("contacts", "satisfaction")
