"""What can go wrong in escalation, rendered in one place (escalation/replies.py).

EscalationError
  NotLegal  409      the ticket's state does not allow the move
  Outdated  409      somebody changed the ticket in between
  NotThisVersion  412  the ticket is not the one that If-Match names
  Conflict  409      what is there already does not allow it
  KeyReused  422     an Idempotency-Key came with another body
  NotAllowed  403    this person may not do that
  Incomplete  400    a text or a reason is missing
  NotFound  404
  TooOften  429
  TooLarge  413
  NotTaken  415      a file of a kind that is not taken
  NotSafe  422       a file that cannot be read, or that the scanner refused
  NotScanned  503    the scanner does not answer
  Unauthorised  401  no token, or a wrong one
    BadToken         a token that is not what it should be
  ScopeMissing  403  the token is good for other things
  IssuerUnavailable  503  the operator's issuer of tokens does not answer

At the door: EscalationUnavailable (no connection, too slow, 5xx) and EscalationRefused (a rule said no).
"""


class EscalationError(Exception):
    """Expected failures. `detail` may be shown to staff, never to a customer."""

    status = 500
    reason = "Internal error"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    @property
    def headers(self) -> dict[str, str]:
        """What the answer says besides its body."""
        return {}


class NotLegal(EscalationError):
    status = 409
    reason = "Not possible in this state"


class Outdated(EscalationError):
    status = 409
    reason = "The ticket was changed by somebody else"


class NotThisVersion(EscalationError):
    status = 412
    reason = "Precondition failed"


class Conflict(EscalationError):
    status = 409
    reason = "Conflict"


class KeyReused(EscalationError):
    status = 422
    reason = "Idempotency-Key used before"


class NotAllowed(EscalationError):
    status = 403
    reason = "Not allowed"


class Incomplete(EscalationError):
    status = 400
    reason = "Invalid request"


class NotFound(EscalationError):
    status = 404
    reason = "Not found"


class TooOften(EscalationError):
    status = 429
    reason = "Too many attempts"

    def __init__(self, detail: str, *, retry_after_s: int = 60) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after_s)}


class TooLarge(EscalationError):
    status = 413
    reason = "Body too large"


class NotTaken(EscalationError):
    status = 415
    reason = "Not a kind of file that is taken"


class NotSafe(EscalationError):
    status = 422
    reason = "File not accepted"


class NotScanned(EscalationError):
    status = 503
    reason = "Service unavailable"


class Unauthorised(EscalationError):
    status = 401
    reason = "Unauthorised"

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class BadToken(Unauthorised):
    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": 'Bearer error="invalid_token"'}


class ScopeMissing(NotAllowed):
    def __init__(self, scope: str) -> None:
        super().__init__(f"This needs a token with the scope {scope}")
        self.scope = scope

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{self.scope}"'}


class IssuerUnavailable(EscalationError):
    status = 503
    reason = "Service unavailable"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "5"}


class EscalationUnavailable(Exception):
    """The escalation service did not answer: no connection, too slow, or an error of its own."""


class EscalationRefused(Exception):
    """A rule said no. `detail` may be shown to staff."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"{status}: {detail}")
        self.status = status
        self.detail = detail
