"""Self-service: four figures side by side, because no one of them tells whether the assistant helped."""

from escalation.indicators.indicator import ONLY_CHANNEL, Indicator

_CONTAINED = """
    SELECT contact.ended_at AS at, (contact.outcome IN ('confirmed_solved', 'unconfirmed'))::int AS value,
           1 AS weight, NULL::smallint AS tier, NULL::uuid AS ticket_id, contact.id AS contact_id
    FROM contacts AS contact
    WHERE contact.ended_at IS NOT NULL AND contact.outcome <> 'dropped'
"""

_STAYED_AWAY = """
    WITH recent AS MATERIALIZED (
        SELECT contact.id, contact.started_at, contact.ended_at, contact.outcome, who.key
        FROM contacts AS contact
        LEFT JOIN tickets AS ticket ON ticket.contact_id = contact.id
        CROSS JOIN LATERAL (
            VALUES (right(regexp_replace(contact.caller, '\\D', '', 'g'), 9)),
                   ('account ' || ticket.customer_id),
                   (CASE WHEN ticket.reachable LIKE '%@%' THEN lower(ticket.reachable)
                         ELSE right(regexp_replace(ticket.reachable, '\\D', '', 'g'), 9) END)
        ) AS who (key)
        WHERE contact.started_at > :since - (:comes_back_s + 86400) * interval '1 second' AND who.key <> ''
    )
    SELECT first.ended_at + :comes_back_s * interval '1 second' AS at,
           (first.outcome <> ALL ('{handed_over,wanted_person_got_none}') AND NOT bool_or(coalesce(
                again.started_at > first.ended_at
                AND again.started_at <= first.ended_at + :comes_back_s * interval '1 second', FALSE)))::int AS value,
           1 AS weight, NULL::smallint AS tier, NULL::uuid AS ticket_id, first.id AS contact_id
    FROM recent AS first LEFT JOIN recent AS again ON again.key = first.key AND again.id <> first.id
    WHERE first.ended_at IS NOT NULL AND first.outcome <> 'dropped'
    GROUP BY first.id, first.ended_at, first.outcome
"""

_CONFIRMED = """
    SELECT contact.ended_at AS at, (contact.outcome = 'confirmed_solved')::int AS value,
           1 AS weight, NULL::smallint AS tier, NULL::uuid AS ticket_id, contact.id AS contact_id
    FROM contacts AS contact
    WHERE contact.ended_at IS NOT NULL AND contact.outcome <> 'dropped'
"""

_WRONGLY_CONTAINED = """
    SELECT contact.ended_at AS at, (contact.outcome = 'wanted_person_got_none')::int AS value,
           1 AS weight, NULL::smallint AS tier, NULL::uuid AS ticket_id, contact.id AS contact_id
    FROM contacts AS contact
    WHERE contact.ended_at IS NOT NULL AND contact.outcome <> 'dropped'
"""

_NOT_UNDERSTOOD = """
    SELECT fate.at, (fate.kind = 'no_answer')::int AS value, 1 AS weight, NULL::smallint AS tier,
           NULL::uuid AS ticket_id, fate.contact_id
    FROM answer_fates AS fate
    UNION ALL
    SELECT turn.at, 1, 1, NULL, NULL, turn.contact_id
    FROM turns AS turn
    WHERE turn.about ? 'miss'
"""

SELF_SERVICE = (
    Indicator(
        19,
        "contained",
        "self-service",
        "Ended without a person",
        "Of the conversations and calls that ended: the share in which no person was asked for. Those in which nothing "
        "was asked at all are not counted. It does not mean that the customer was helped.",
        "percent",
        "higher",
        _CONTAINED,
        filters=ONLY_CHANNEL,
    ),
    Indicator(
        20,
        "stayed_away",
        "self-service",
        "Without a person, and not come back",
        "Of the conversations and calls of customers who can be recognised, {comes_back} after they ended: the share "
        "that ended without a person and whose customer has not come back since, by chat or phone.",
        "percent",
        "higher",
        _STAYED_AWAY,
        filters=ONLY_CHANNEL,
    ),
    Indicator(
        21,
        "confirmed",
        "self-service",
        "Confirmed solved by the customer",
        "Of the conversations and calls that ended: the share in which the customer said that it is solved.",
        "percent",
        "higher",
        _CONFIRMED,
        filters=ONLY_CHANNEL,
    ),
    Indicator(
        22,
        "wrongly_contained",
        "self-service",
        "Wanted a person, got none",
        "Of the conversations and calls that ended: the share in which the customer asked for a person and had not "
        "got one when it ended.",
        "percent",
        "lower",
        _WRONGLY_CONTAINED,
        filters=ONLY_CHANNEL,
    ),
    Indicator(
        23,
        "not_understood",
        "self-service",
        "Not answered or not understood",
        "Questions that had no answer, and words on the phone that were not understood or did not come: their share "
        "of these and all other questions. The questions are behind the figure.",
        "percent",
        "lower",
        _NOT_UNDERSTOOD,
        filters=ONLY_CHANNEL,
    ),
)
