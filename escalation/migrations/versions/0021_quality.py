"""Quality checks: draws, reviews and marks; callbacks by the time that was promised"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "quality_draws",
        sa.Column("week", sa.Date(), primary_key=True),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("drawn_at", instant, nullable=False),
        sa.Column("population", JSONB(), nullable=False),
    )
    op.create_table(
        "quality_reviews",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("week", sa.Date(), sa.ForeignKey("quality_draws.week"), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("scored_by", sa.Text()),
        sa.Column("scored_at", instant),
        sa.Column("score_pct", sa.Float()),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.UniqueConstraint("week", "subject", "contact_id"),
    )
    op.create_index("quality_reviews_subject", "quality_reviews", ["subject", "week"])
    op.create_index("quality_reviews_contact", "quality_reviews", ["contact_id"])
    op.create_table(
        "quality_marks",
        sa.Column("review_id", sa.BigInteger(), sa.ForeignKey("quality_reviews.id"), primary_key=True),
        sa.Column("criterion", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("mark", sa.SmallInteger()),
        sa.Column("share_pct", sa.Float()),
        sa.Column("comment", sa.Text(), nullable=False),
    )
    op.create_index("board_callbacks_call_by", "callbacks", ["call_by"])


def downgrade() -> None:
    op.drop_index("board_callbacks_call_by", "callbacks")
    op.drop_table("quality_marks")
    op.drop_table("quality_reviews")
    op.drop_table("quality_draws")
