"""What the chat refuses, and how that is told: a status, a code for programs, and a friendly word for people.

ChatError
 ├── NotYours        the conversation is unknown, over, or the token is not its own: always the same answer
 ├── NotUnderstood   the body is not what the interface asks for
 ├── Empty           a message without a word in it
 ├── TooLarge        the body is larger than a message can be
 ├── FileTooLarge    a file of more megabytes than may be
 ├── FileUnknown     a file that is neither a picture nor a PDF document
 ├── FileRefused     a file that cannot be read, is not safe, or is not there
 ├── TooManyFiles    the conversation has as many files as it may
 ├── FileAway        a file that cannot be kept or read now; the same again may do
 ├── NoAddress       what was given is no e-mail address
 ├── TooManyCopies   a copy was sent as often as it may be
 ├── MailAway        e-mail cannot be sent now
 ├── NotLoggedIn     a token of the operator's site that is not believed
 ├── SomebodyElses   a login in a conversation that is another customer's
 ├── LoginAway       a login cannot be checked now
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


class NotLoggedIn(ChatError):
    status = 403
    code = "not_logged_in"


class SomebodyElses(ChatError):
    status = 409
    code = "somebody_elses"


class LoginAway(ChatError):
    status = 503
    code = "login_away"


class NotUnderstood(ChatError):
    status = 400
    code = "not_understood"


class Empty(ChatError):
    status = 400
    code = "empty"


class TooLarge(ChatError):
    status = 413
    code = "too_large"


class FileTooLarge(ChatError):
    status = 413
    code = "file_too_large"


class FileUnknown(ChatError):
    status = 415
    code = "file_unknown"


class FileRefused(ChatError):
    status = 422
    code = "file_refused"


class TooManyFiles(ChatError):
    status = 409
    code = "too_many_files"


class FileAway(ChatError):
    status = 503
    code = "file_away"


class NoAddress(ChatError):
    status = 400
    code = "no_address"


class TooManyCopies(ChatError):
    status = 429
    code = "too_many_copies"


class MailAway(ChatError):
    status = 503
    code = "mail_away"


class NotOver(ChatError):
    status = 409
    code = "not_over"


class TooFast(ChatError):
    status = 429
    code = "too_fast"


class Elsewhere(ChatError):
    status = 403
    code = "elsewhere"
