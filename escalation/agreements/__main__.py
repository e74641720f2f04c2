"""`python -m escalation.agreements`: the agreements listed, checked and printed, and what missed targets cost."""

import sys

from escalation.agreements.command import main

if __name__ == "__main__":
    sys.exit(main())
