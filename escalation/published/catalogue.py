"""Which policy files may be changed while Firstline runs, and which may not, and why."""

from collections.abc import Mapping

CHANGEABLE: Mapping[str, str] = {
    "priority.yml": "The weight of each signal, the matrix of impact and urgency",
    "routing.yml": "Departments, their queues and topics, systems and their vendors",
    "sla.yml": "Targets by priority, segment and topic, and what happens at which share of them",
    "tiers.yml": "Where each priority starts, how a level is reached, who is responsible",
    "calendars.yml": "Working hours, holidays, time zones",
    "calls.yml": "When Firstline itself rings customers, and how often",
    "agreements.yml": "What is agreed with customers, departments, vendors and other operators",
    "kinds.yml": "Kinds of tickets, the fields they need, the regulator",
    "messages.yml": "What customers and staff are told by SMS and e-mail",
    "replies.yml": "Canned replies of the console",
    "tasks.yml": "Work that recurs",
    "outages.yml": "When reports of faults are too many for chance",
    "quality.yml": "How many conversations are looked at, and the form they are scored by",
    "board.yml": "Targets of the board, and who gets the report of the day",
}
LEFT_OUT: Mapping[str, str] = {
    "people.yml": "It says who may do what, also here: nobody changes their own rights in the console",
    "clients.yml": "It says which machines may come in: the same holds for them",
    "retention.yml": "A shorter time deletes at the next round, and nothing brings back what was deleted",
    "masking.yml": "Every program masks its log by it, Rasa too; all must begin with the same words",
    "mirror.yml": "The connection to the other system is made when the watch begins",
    "identity.yml": "The assistant reads it when it begins; half the programs with other rules would let people in",
    "billing.yml": "The assistant reads it when it begins",
    "ordering.yml": "The assistant reads it when it begins",
    "outbound.yml": "The program that sends messages reads it when it begins",
    "inspection.yml": "The inspection reads it when it begins",
}
