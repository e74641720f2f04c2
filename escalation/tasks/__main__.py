"""`python -m escalation.tasks next [--days 30]`: the coming runs, as tasks.yml and the calendars say."""

import argparse
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from escalation.policy import PolicyError
from escalation.published import once
from escalation.tasks.agenda import coming


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m escalation.tasks", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="next")
    following = commands.add_parser("next", help="print the coming runs")
    following.add_argument("--days", type=int, default=30, choices=range(1, 367), metavar="1..366")
    once.add_to(following)
    asked = parser.parse_args(arguments)
    try:
        found = once.policy_for(asked)
    except PolicyError as error:
        sys.stderr.write(f"{error}\n")
        return once.WRONG_POLICY
    except SQLAlchemyError as error:
        sys.stderr.write(once.NO_DATABASE.format(type(error).__name__))
        return once.AWAY
    now = datetime.now(UTC)
    for run in coming(found, after=now, until=now + timedelta(days=asked.days)):
        task = found.tasks.tasks[run.task]
        begins, ends = (at.astimezone(ZoneInfo(task.zone)) for at in (run.starts_at, run.due_at))
        sys.stdout.write(f"{begins:%a %Y-%m-%d %H:%M %Z}  until {ends:%a %H:%M}  {run.task:20}  {run.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
