"""`python -m escalation.policy`: explain what it makes of a ticket; check, export and restore what was published."""

import sys

from escalation.published.command import main

if __name__ == "__main__":
    sys.exit(main())
