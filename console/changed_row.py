"""One line of the queue that changed, as open lists are told it: by the socket, without asking."""

from typing import Any

from console import view
from console.render import templates
from escalation.client import Person, RowFacts


class ChangedRow:
    """Read once and rendered once for all lists of this process; nothing of the customer's words is in it."""

    def __init__(self, facts: RowFacts) -> None:
        self.reference = facts.reference
        self._facts = facts
        self._html: dict[str, str] = {}

    def told(self, person: Person, base: str) -> dict[str, Any]:
        """`html` is the line as a list has it, with the topic in place of the problem; `place` where it stands;
        `facts` what filters ask for, by their names; `own` what else `view` asks of this person's tickets.
        """
        row = self._facts
        waits_for = row.assignee or row.asked
        return {
            "reference": row.reference,
            "html": self._rendered(base),
            "place": view.place(row),
            "is_open": row.is_open,
            "facts": {
                "priority": row.priority,
                "tier": str(row.tier),
                "department": row.department,
                "status": row.status,
                "segment": row.segment,
                "live": "yes" if row.live else "",
            },
            "own": {
                "mine": waits_for == person.username,
                "tier": row.tier == person.tier,
                "department": "*" in person.departments or row.department in person.departments,
            },
        }

    def _rendered(self, base: str) -> str:
        if base not in self._html:
            self._html[base] = templates().get_template("queue_row.html").render(row=self._facts, base=base)
        return self._html[base]
