"""Service level: how soon a person is there, and whether promises to customers are kept."""

from escalation.indicators.indicator import Indicator

# Who waited for a person in the window or shortly before it, and when they left if nobody came.
_WAITED = """
    FROM tickets AS ticket
    LEFT JOIN LATERAL (
        SELECT min(audit.at) AS at FROM audit
        WHERE audit.ticket_id = ticket.id AND audit.what IN ('left', 'released') AND ticket.accepted_at IS NULL
    ) AS gone ON TRUE
    WHERE ticket.waited_from > :since - interval '7 days' AND ticket.waited_from <= :until
      AND ticket.deleted_at IS NULL
"""

_ANSWERED_IN_TIME = f"""
    SELECT coalesce(ticket.accepted_at, gone.at) AS at,
           (coalesce(ticket.accepted_at - ticket.waited_from <= :answer_within_s * interval '1 second', FALSE))::int
               AS value,
           1 AS weight, ticket.tier, ticket.id AS ticket_id, ticket.contact_id
    {_WAITED} AND (ticket.accepted_at >= ticket.waited_from OR gone.at IS NOT NULL)
"""

_SPEED_OF_ANSWER = """
    SELECT ticket.accepted_at AS at, extract(epoch FROM ticket.accepted_at - ticket.waited_from) AS value,
           1 AS weight, ticket.tier, ticket.id AS ticket_id, ticket.contact_id
    FROM tickets AS ticket
    WHERE ticket.accepted_at >= ticket.waited_from AND ticket.deleted_at IS NULL
"""

_ABANDONED = f"""
    SELECT coalesce(ticket.accepted_at, gone.at) AS at, (ticket.accepted_at IS NULL)::int AS value,
           1 AS weight, ticket.tier, ticket.id AS ticket_id, ticket.contact_id
    {_WAITED}
      AND (ticket.accepted_at >= ticket.waited_from OR (gone.at IS NOT NULL AND ticket.reachable IS NULL))
"""


_IN_TIME = """
    SELECT coalesce(clock.done_at, clock.due_at, ticket.status_changed_at) AS at, (NOT clock.late)::int AS value,
           1 AS weight, ticket.tier, ticket.id AS ticket_id, ticket.contact_id
    FROM clocks AS clock JOIN tickets AS ticket ON ticket.id = clock.ticket_id
    WHERE clock.name = '[clock]' AND (clock.done_at > :since OR (clock.done_at IS NULL AND clock.late))
      AND ticket.deleted_at IS NULL
"""


_BREACHES = """
    SELECT step.fired_at AS at, 1 AS value, 1 AS weight, coalesce(step.tier, ticket.tier) AS tier,
           ticket.id AS ticket_id, ticket.contact_id
    FROM clock_steps AS step JOIN tickets AS ticket ON ticket.id = step.ticket_id
    WHERE step.share_pct = 100 AND step.clock IN ('respond', 'resolve') AND step.fired_at IS NOT NULL
      AND ticket.deleted_at IS NULL
"""

# A second wish renews the promise: an attempt from before it does not keep it. Who had the ticket cancelled before
# the time was up waits for no call.
_CALLBACKS_IN_TIME = """
    SELECT least(called.at, callback.call_by) AS at, (coalesce(called.at <= callback.call_by, FALSE))::int AS value,
           1 AS weight, ticket.tier, ticket.id AS ticket_id, ticket.contact_id
    FROM callbacks AS callback
    JOIN tickets AS ticket ON ticket.id = callback.ticket_id
    CROSS JOIN LATERAL (
        SELECT min((attempt ->> 'at')::timestamptz) AS at
        FROM jsonb_array_elements(callback.attempts) AS attempt
        WHERE (attempt ->> 'at')::timestamptz >= callback.asked_at
    ) AS called
    WHERE callback.call_by > :since AND ticket.deleted_at IS NULL
      AND (called.at IS NOT NULL OR ticket.status <> 'cancelled' OR ticket.closed_at > callback.call_by)
"""

SERVICE_LEVEL = (
    Indicator(
        1,
        "answered_in_time",
        "service level",
        "Answered by a person in time",
        "Of the customers who waited for a person in a chat or call, and were answered or left: "
        "the share that a person accepted within {answer_within}.",
        "percent",
        "higher",
        _ANSWERED_IN_TIME,
    ),
    Indicator(
        2,
        "speed_of_answer",
        "service level",
        "Average speed of answer",
        "From when the customer began to wait for a person to when one accepted, on average over those who were "
        "answered.",
        "seconds",
        "lower",
        _SPEED_OF_ANSWER,
    ),
    Indicator(
        3,
        "abandoned",
        "service level",
        "Left the queue unanswered",
        "Of the customers who waited for a person, and were answered or left: the share that left before anybody "
        "accepted. Who left a number or an address to be reached at is not counted.",
        "percent",
        "lower",
        _ABANDONED,
    ),
    Indicator(
        4,
        "responded_in_time",
        "service level",
        "Tickets responded to in time",
        "Of the tickets that a person responded to, or that ran out of time first: the share within the target of "
        "their priority, in its working hours. An answer of the assistant is no response.",
        "percent",
        "higher",
        _IN_TIME.replace("[clock]", "respond"),
    ),
    Indicator(
        5,
        "solved_in_time",
        "service level",
        "Tickets solved in time",
        "Of the tickets that were solved, or that ran out of time first: the share within the target of their "
        "priority, in its working hours. Time in which the customer had to answer does not count.",
        "percent",
        "higher",
        _IN_TIME.replace("[clock]", "resolve"),
    ),
    Indicator(
        6,
        "breaches",
        "service level",
        "Breaches",
        "Deadlines that ran out, to respond or to solve, each counted once, at the tier that had the ticket then.",
        "count",
        "lower",
        _BREACHES,
        shows_tiers=True,
    ),
    Indicator(
        7,
        "callbacks_in_time",
        "service level",
        "Callbacks made in time",
        "Of the callbacks promised that were made, or whose time is up: the share whose first call, reached or not, "
        "was made by the promised time.",
        "percent",
        "higher",
        _CALLBACKS_IN_TIME,
    ),
)
