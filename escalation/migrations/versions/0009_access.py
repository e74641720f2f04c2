"""Machine clients' secrets, the issuer's keys, and who filed a ticket"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "client_secrets",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client_id"),
    )
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("pem", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kid"),
    )
    op.add_column("tickets", sa.Column("filed_by", sa.Text(), nullable=True))
    op.create_index("tickets_filed_by", "tickets", ["filed_by"])


def downgrade() -> None:
    op.drop_index("tickets_filed_by", "tickets")
    op.drop_column("tickets", "filed_by")
    op.drop_table("signing_keys")
    op.drop_table("client_secrets")
