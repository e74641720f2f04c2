"""Reads of personal data, and tickets that nothing is deleted from"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

GUARD = """
CREATE FUNCTION reads_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '90 days'
        AND OLD.at < nullif(current_setting('firstline.reads_until', true), '')::timestamptz THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'reads are only ever added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER reads_only_grow BEFORE UPDATE OR DELETE ON reads FOR EACH ROW EXECUTE FUNCTION reads_only_grow();
CREATE TRIGGER reads_stay BEFORE TRUNCATE ON reads FOR EACH STATEMENT EXECUTE FUNCTION reads_only_grow();
"""


def upgrade() -> None:
    op.create_table(
        "reads",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("tickets", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("contacts", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("masked", sa.Boolean(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("reads_reader", "reads", ["reader", "at"])
    op.create_index("reads_at", "reads", ["at"])
    op.create_index("reads_tickets", "reads", ["tickets"], postgresql_using="gin")
    op.create_index("reads_contacts", "reads", ["contacts"], postgresql_using="gin")
    op.execute(GUARD)
    op.add_column("tickets", sa.Column("held_because", sa.Text(), nullable=True))
    op.add_column("tickets", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("tickets", "erased_at")
    op.drop_column("tickets", "held_because")
    op.drop_table("reads")
    op.execute("DROP FUNCTION reads_only_grow()")
