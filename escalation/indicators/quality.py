"""Quality: whether what was solved is solved, and how it felt."""

from escalation.indicators.indicator import ONLY_CHANNEL, Indicator

_SATISFACTION = """
    SELECT contact.ended_at AS at, contact.satisfaction AS value, 1 AS weight, NULL::smallint AS tier,
           NULL::uuid AS ticket_id, contact.id AS contact_id
    FROM contacts AS contact
    WHERE contact.satisfaction IS NOT NULL AND contact.ended_at IS NOT NULL
"""

# Who a ticket's customer is: the account that was verified, the number or address they left, the number they called
# from. Numbers are compared by their last nine digits, in which a national and an international writing agree.
_SOLVED_FIRST_TIME = """
    WITH recent AS MATERIALIZED (
        SELECT ticket.id, ticket.contact_id, ticket.category, ticket.tier, ticket.created_at, ticket.resolved_at,
               ticket.customer_id, ticket.reachable, contact.caller
        FROM tickets AS ticket LEFT JOIN contacts AS contact ON contact.id = ticket.contact_id
        WHERE ticket.deleted_at IS NULL
          AND (ticket.created_at > :since - :comes_back_s * interval '1 second'
               OR ticket.resolved_at > :since - :comes_back_s * interval '1 second')
    ), known AS MATERIALIZED (
        SELECT recent.*, who.key
        FROM recent CROSS JOIN LATERAL (
            VALUES ('account ' || customer_id),
                   (CASE WHEN reachable LIKE '%@%' THEN lower(reachable)
                         ELSE right(regexp_replace(reachable, '\\D', '', 'g'), 9) END),
                   (right(regexp_replace(caller, '\\D', '', 'g'), 9))
        ) AS who (key)
        WHERE who.key <> ''
    )
    SELECT solved.resolved_at + :comes_back_s * interval '1 second' AS at,
           (NOT bool_or(coalesce(again.created_at > solved.resolved_at
                AND again.created_at <= solved.resolved_at + :comes_back_s * interval '1 second', FALSE)))::int
               AS value,
           1 AS weight, solved.tier, solved.id AS ticket_id, solved.contact_id
    FROM known AS solved
    LEFT JOIN known AS again ON again.key = solved.key AND again.category = solved.category AND again.id <> solved.id
    WHERE solved.resolved_at IS NOT NULL
    GROUP BY solved.id, solved.resolved_at, solved.tier, solved.contact_id
"""

_REOPENED = """
    SELECT solved.at,
           (EXISTS (SELECT FROM audit AS refused WHERE refused.ticket_id = solved.ticket_id
                    AND refused.what = 'reopen' AND refused.id > solved.id))::int AS value,
           1 AS weight, ticket.tier, ticket.id AS ticket_id, ticket.contact_id
    FROM audit AS solved JOIN tickets AS ticket ON ticket.id = solved.ticket_id
    WHERE solved.status = 'resolved' AND ticket.deleted_at IS NULL
      AND NOT EXISTS (SELECT FROM audit AS before WHERE before.ticket_id = solved.ticket_id
                      AND before.status = 'resolved' AND before.id < solved.id)
"""

# The moves that escalation/register.py counts by topic.
_MISROUTED = """
    SELECT coalesce(ticket.resolved_at, ticket.closed_at) AS at,
           (coalesce((SELECT sum(CASE audit.what WHEN 'transferred_undone' THEN -1 ELSE 1 END) FROM audit
                      WHERE audit.ticket_id = ticket.id
                        AND audit.what IN ('return', 'transferred', 'transferred_undone')), 0) > 0)::int AS value,
           1 AS weight, ticket.tier, ticket.id AS ticket_id, ticket.contact_id
    FROM tickets AS ticket
    WHERE (ticket.resolved_at > :since OR (ticket.resolved_at IS NULL AND ticket.closed_at > :since))
      AND ticket.deleted_at IS NULL
"""

_COMPLAINT_TIME = """
    SELECT coalesce(ticket.resolved_at, ticket.closed_at) AS at,
           extract(epoch FROM coalesce(ticket.resolved_at, ticket.closed_at) - ticket.created_at) AS value,
           1 AS weight, ticket.tier, ticket.id AS ticket_id, ticket.contact_id
    FROM tickets AS ticket
    WHERE ticket.category = 'complaint' AND ticket.deleted_at IS NULL
      AND (ticket.resolved_at > :since OR (ticket.resolved_at IS NULL AND ticket.closed_at > :since))
"""

QUALITY = (
    Indicator(
        14,
        "satisfaction",
        "quality",
        "Satisfaction after contact",
        "What customers said at the end of a chat or call, from 1 to 5, on average over those who said it.",
        "score",
        "higher",
        _SATISFACTION,
        filters=ONLY_CHANNEL,
        needs="No customer has been asked, or has answered, in this time.",
    ),
    Indicator(
        15,
        "solved_first_time",
        "quality",
        "First-contact resolution",
        "Of the tickets solved, {comes_back} after they were: the share whose customer had opened no other about the "
        "same topic since, by chat or phone. Only customers known by account, number or address are counted.",
        "percent",
        "higher",
        _SOLVED_FIRST_TIME,
    ),
    Indicator(
        16,
        "reopened",
        "quality",
        "Reopened tickets",
        "Of the tickets that were solved for the first time: the share that was reopened since.",
        "percent",
        "lower",
        _REOPENED,
    ),
    Indicator(
        17,
        "misrouted",
        "quality",
        "Returned as wrongly assigned",
        "Of the tickets solved or closed: the share that a tier had returned because it was not theirs, or that had "
        "been moved to another department. A solution handed back to the tier below does not count.",
        "percent",
        "lower",
        _MISROUTED,
    ),
    Indicator(
        18,
        "complaint_time",
        "quality",
        "Complaints: time to close",
        "From opening to solving a ticket about a complaint, or closing it unsolved, on average, day and night.",
        "seconds",
        "lower",
        _COMPLAINT_TIME,
    ),
)
