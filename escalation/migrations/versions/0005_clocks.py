"""Clocks that begin anew, windows that do not count, and what moved the clocks in the audit"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STEPS_KEY = "clock_steps_pkey"


def upgrade() -> None:
    """A ticket that is open keeps its clocks, in their first round."""
    op.add_column("tickets", sa.Column("excluded", postgresql.JSONB(), nullable=False, server_default="[]"))
    op.alter_column("tickets", "excluded", server_default=None)
    op.add_column("audit", sa.Column("facts", postgresql.JSONB(), nullable=True))
    op.add_column("clocks", sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
    op.alter_column("clocks", "round", server_default=None)
    op.add_column("clock_steps", sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
    op.alter_column("clock_steps", "round", server_default=None)
    op.drop_constraint(STEPS_KEY, "clock_steps")
    op.create_primary_key(STEPS_KEY, "clock_steps", ["ticket_id", "clock", "round", "share_pct"])


def downgrade() -> None:
    """Of a step that fired in several rounds only the last is kept."""
    op.execute(
        "DELETE FROM clock_steps s USING clock_steps later WHERE later.ticket_id = s.ticket_id "
        "AND later.clock = s.clock AND later.share_pct = s.share_pct AND later.round > s.round"
    )
    op.drop_constraint(STEPS_KEY, "clock_steps")
    op.create_primary_key(STEPS_KEY, "clock_steps", ["ticket_id", "clock", "share_pct"])
    op.drop_column("clock_steps", "round")
    op.drop_column("clocks", "round")
    op.drop_column("audit", "facts")
    op.drop_column("tickets", "excluded")
