"""Efficiency: what the work costs in time and in hands."""

from escalation.indicators.indicator import ONLY_CHANNEL, Indicator

_HANDLING_TIME = """
    SELECT at,
           extract(epoch FROM next_at - at)
             + CASE WHEN next_state = 'wrap_up' THEN extract(epoch FROM coalesce(after_at, :until) - next_at) ELSE 0 END
               AS value,
           1 AS weight, ticket.tier, spell.ticket_id, ticket.contact_id
    FROM (
        SELECT username, state, ticket_id, at,
               lead(at) OVER own AS next_at, lead(state) OVER own AS next_state, lead(at, 2) OVER own AS after_at
        FROM agent_states WHERE at > :since - interval '1 day' AND at <= :until
        WINDOW own AS (PARTITION BY username ORDER BY at, id)
    ) AS spell
    JOIN tickets AS ticket ON ticket.id = spell.ticket_id
    WHERE state = 'talking' AND next_at IS NOT NULL
"""

_TIME_TO_HAND_OVER = """
    SELECT ticket.accepted_at AS at, extract(epoch FROM ticket.accepted_at - first.at) AS value,
           1 AS weight, ticket.tier, ticket.id AS ticket_id, ticket.contact_id
    FROM tickets AS ticket
    CROSS JOIN LATERAL (
        SELECT min(turns.at) AS at FROM turns WHERE turns.contact_id = ticket.contact_id AND turns.author = 'customer'
    ) AS first
    WHERE ticket.accepted_at >= ticket.waited_from AND first.at <= ticket.accepted_at AND ticket.deleted_at IS NULL
"""

# A ticket is there at the end of each day from the one it was opened in to the last before it was solved.
_BACKLOG = """
    SELECT :until - day.ago * interval '1 day' - interval '1 microsecond' AS at, 1 AS value,
           extract(epoch FROM :until - day.ago * interval '1 day' - ticket.created_at) AS weight, ticket.tier,
           ticket.id AS ticket_id, ticket.contact_id
    FROM tickets AS ticket
    CROSS JOIN LATERAL generate_series(
        greatest(0, ceil(coalesce(extract(epoch FROM :until - coalesce(ticket.resolved_at, ticket.closed_at)) / 86400,
                                  0))::int),
        least(:days - 1, ceil(extract(epoch FROM :until - ticket.created_at) / 86400)::int - 1)
    ) AS day (ago)
    WHERE (ticket.resolved_at >= :since OR (ticket.resolved_at IS NULL
                                            AND (ticket.closed_at >= :since OR ticket.closed_at IS NULL)))
      AND ticket.deleted_at IS NULL
"""

_MOVES = """
    SELECT coalesce(ticket.resolved_at, ticket.closed_at) AS at, moves.number AS value,
           1 AS weight, ticket.tier, ticket.id AS ticket_id, ticket.contact_id
    FROM tickets AS ticket
    CROSS JOIN LATERAL (
        SELECT count(*) AS number FROM audit
        WHERE audit.ticket_id = ticket.id
          AND (audit.what IN ('hand_up', 'hand_back') OR audit.what LIKE 'moved up:%')
    ) AS moves
    WHERE (ticket.resolved_at > :since OR (ticket.resolved_at IS NULL AND ticket.closed_at > :since))
      AND ticket.deleted_at IS NULL
"""

_TICKETS_PER_HOUR = """
    SELECT ticket.resolved_at AS at, 1 AS value, 0 AS weight, ticket.tier, ticket.id AS ticket_id, ticket.contact_id
    FROM tickets AS ticket
    WHERE ticket.resolved_at IS NOT NULL AND ticket.deleted_at IS NULL
      AND EXISTS (SELECT FROM agent_states WHERE at > :since AND at <= :until)
    UNION ALL
    SELECT at, 0, extract(epoch FROM coalesce(next_at, :until) - at) / 3600, NULL, NULL, NULL
    FROM (
        SELECT state, at, lead(at) OVER (PARTITION BY username ORDER BY at, id) AS next_at
        FROM agent_states WHERE at > :since - interval '1 day' AND at <= :until
    ) AS spell
    WHERE state IN ('ready', 'talking', 'wrap_up')
"""

_TIME_IN_MENU = """
    SELECT left_menu.at, extract(epoch FROM left_menu.at - contact.started_at) AS value,
           1 AS weight, NULL::smallint AS tier, NULL::uuid AS ticket_id, contact.id AS contact_id
    FROM contacts AS contact
    CROSS JOIN LATERAL (
        SELECT least(
            (SELECT min(turns.at) FROM turns WHERE turns.contact_id = contact.id AND turns.about ? 'decision'),
            (SELECT min(tickets.created_at) FROM tickets WHERE tickets.contact_id = contact.id)
        ) AS at
    ) AS left_menu
    WHERE contact.channel = 'voice' AND contact.started
      AND contact.started_at > :since - interval '1 day' AND contact.started_at <= :until
      AND left_menu.at >= contact.started_at
"""

EFFICIENCY = (
    Indicator(
        8,
        "handling_time",
        "efficiency",
        "Average handling time",
        "What a conversation with a customer takes of a person: from accepting it to its end, holding included, and "
        "the wrap-up after it until the person is ready again or away.",
        "seconds",
        "lower",
        _HANDLING_TIME,
        needs="No person's talking and wrap-up have been recorded in this time.",
    ),
    Indicator(
        9,
        "time_to_hand_over",
        "efficiency",
        "Time to hand-over",
        "From the customer's first message to a person accepting, on average over those who waited for one and were "
        "answered.",
        "seconds",
        "lower",
        _TIME_TO_HAND_OVER,
    ),
    Indicator(
        10,
        "backlog",
        "efficiency",
        "Backlog",
        "Tickets that are open now and not solved, and how old they are on average, by tier. The comparison is with "
        "the beginning of the window.",
        "count",
        "lower",
        _BACKLOG,
        is_stock=True,
        shows_tiers=True,
    ),
    Indicator(
        11,
        "moves_per_ticket",
        "efficiency",
        "Moves per ticket",
        "How often a ticket that was solved or closed had been handed up, handed back, or moved up because time ran "
        "out, on average.",
        "number",
        "lower",
        _MOVES,
    ),
    Indicator(
        12,
        "tickets_per_hour",
        "efficiency",
        "Tickets per agent hour",
        "Tickets solved, divided by the hours in which people were ready, talking or wrapping up.",
        "number",
        "higher",
        _TICKETS_PER_HOUR,
        filters=frozenset(),
        needs="Nobody's hours of work have been recorded in this time.",
    ),
    Indicator(
        13,
        "time_in_menu",
        "efficiency",
        "Time in the phone menu",
        "From the beginning of a call until the assistant acts on what the caller wants: an answer, a choice, or a "
        "ticket. Calls that end before are not counted.",
        "seconds",
        "lower",
        _TIME_IN_MENU,
        filters=ONLY_CHANNEL,
    ),
)
