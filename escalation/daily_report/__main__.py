"""`python -m escalation.daily_report [--day 2026-11-24]`: a day's report on the screen; yesterday's without a day."""

import argparse
import asyncio
import sys
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from escalation.daily_report import sending
from escalation.database import connect, sessions_of
from escalation.office import Office
from escalation.published.once import policy_in_force
from settings import Settings, load


async def report(settings: Settings, day: date | None) -> str:
    engine = connect(settings)
    sessions = sessions_of(engine)
    try:
        known = await policy_in_force(sessions)
        office = Office(sessions, known, settings.firstline_operator_name, public_url=settings.public_url)
        yesterday = datetime.now(ZoneInfo(known.messages.zone)).date() - timedelta(days=1)
        return str(await sending.of_day(office, day or yesterday))
    finally:
        await engine.dispose()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m escalation.daily_report", description=__doc__)
    parser.add_argument("--day", type=date.fromisoformat)
    sys.stdout.write(asyncio.run(report(load(), parser.parse_args().day)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
