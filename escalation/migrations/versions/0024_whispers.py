"""Notes addressed to the person in the chat, which can never be public"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notes", sa.Column("addressee", sa.Text(), nullable=True))
    op.create_check_constraint("whispers_are_internal", "notes", "addressee IS NULL OR NOT public")


def downgrade() -> None:
    op.drop_constraint("whispers_are_internal", "notes", type_="check")
    op.drop_column("notes", "addressee")
