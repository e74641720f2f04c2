"""`python -m escalation.policy explain TICKET`: what the policy would make of a ticket, in plain words."""

import sys

from escalation.explained import main

if __name__ == "__main__":
    sys.exit(main())
