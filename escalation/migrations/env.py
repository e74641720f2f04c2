"""Runs the migrations; the database's address comes from escalation/migrate.py."""

from alembic import context
from sqlalchemy import create_engine, pool, text

from escalation import (  # noqa: F401
    agent_state,
    clients,
    hub_records,
    look,
    phone_records,
    read_record,
    relation_record,
    roster_records,
    text_records,
)

# Their tables belong to Record.metadata.
from escalation.agreements import records as agreement_records  # noqa: F401
from escalation.attachments import attachment_record  # noqa: F401
from escalation.calls import call_record  # noqa: F401
from escalation.chat_links import chat_link_record  # noqa: F401
from escalation.daily_report import report_record  # noqa: F401
from escalation.maintenance import records as maintenance_records  # noqa: F401
from escalation.mirror import records as mirror_records  # noqa: F401
from escalation.oauth import signing_key  # noqa: F401
from escalation.outages import outage_records  # noqa: F401
from escalation.published import policy_records  # noqa: F401
from escalation.quality import quality_records  # noqa: F401
from escalation.records import Record
from escalation.saved_views import view_record  # noqa: F401
from escalation.tasks import task_record  # noqa: F401
from escalation.visits import visit_record  # noqa: F401

LOCK = 621_0001  # two copies that start together migrate one after the other

engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=Record.metadata, version_table="escalation_version", compare_type=True
    )
    with context.begin_transaction():
        connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        context.run_migrations()
    connection.commit()
engine.dispose()
