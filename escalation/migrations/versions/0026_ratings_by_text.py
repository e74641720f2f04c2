"""Texts about a conversation that has no ticket: how satisfied a caller is"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("texts", "ticket_id", nullable=True)
    op.add_column("texts", sa.Column("contact_id", sa.Uuid(), sa.ForeignKey("contacts.id"), nullable=True))
    op.create_check_constraint("texts_are_about_one_thing", "texts", "(ticket_id IS NULL) <> (contact_id IS NULL)")


def downgrade() -> None:
    op.drop_constraint("texts_are_about_one_thing", "texts", type_="check")
    op.execute("DELETE FROM texts WHERE ticket_id IS NULL")
    op.drop_column("texts", "contact_id")
    op.alter_column("texts", "ticket_id", nullable=False)
