"""Policy files as they are proposed, decided and published in the console"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

GUARD = """
CREATE FUNCTION policy_versions_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'versions of the policy are only ever added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER policy_versions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON policy_versions
FOR EACH STATEMENT EXECUTE FUNCTION policy_versions_stay();
"""


def upgrade() -> None:
    op.create_table(
        "policy_proposals",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("effect", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("policy_proposals_open", "policy_proposals", ["file"], postgresql_where=sa.text("state = 'open'"))
    op.create_table(
        "policy_versions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("proposal_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["proposal_id"], ["policy_proposals.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("file", "number"),
    )
    op.execute(GUARD)


def downgrade() -> None:
    op.drop_table("policy_versions")
    op.execute("DROP FUNCTION policy_versions_stay()")
    op.drop_table("policy_proposals")
