"""What the chat refuses, and how that is told: a status, a code for programs, and a friendly word for people.

ChatError
 ├── NotYours        the conversation is unknown, over, or the token is not its own: always the same answer
 ├── NotUnderstood   the body is not what the interface asks for
 ├── Empty           a message without a word in it
 ├── TooLarge        the body is larger than a message can be
 ├── NotOver         a rating of a conversation that goes on
 ├── TooFast         more messages than a person writes
 └── Elsewhere       a site that may not embed the chat
"""


class ChatError(Exception):
    """`code` names the friendly word under `refuse:` in the words."""

    status = 500
    code = "unavailable"


class NotYours(ChatError):
    status = 401
    code = "not_yours"


class NotUnderstood(ChatError):
    status = 400
    code = "not_understood"


class Empty(ChatError):
    status = 400
    code = "empty"


class TooLarge(ChatError):
    status = 413
    code = "too_large"


class NotOver(ChatError):
    status = 409
    code = "not_over"


class TooFast(ChatError):
    status = 429
    code = "too_fast"


class Elsewhere(ChatError):
    status = 403
    code = "elsewhere"
