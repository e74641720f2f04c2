"""Who somebody is, replaced by what tells nobody, yet stays the same for the same person in one run."""

import hashlib
import hmac
import re
import secrets

NUMBER_TAIL = 9  # digits in which a national and an international writing of a number agree, as the board compares
NO_DOMAIN = "erased.invalid"  # RFC 2606: nothing is ever delivered there


class Pseudonyms:
    """Its key is made anew each time and kept nowhere: nobody can find out later whose pseudonym it is.

    A number stays comparable by its last nine digits and begins with 000, which no number does.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def account(self, account: str) -> str:
        return f"erased-{self._digest(account)[:16]}"

    def address(self, written: str) -> str:
        """Of an e-mail address or a telephone number."""
        if "@" in written:
            return f"{self._digest(written.strip().lower())[:16]}@{NO_DOMAIN}"
        digits = re.sub(r"\D", "", written)[-NUMBER_TAIL:]
        return f"000{int(self._digest(digits), 16) % 10**NUMBER_TAIL:0{NUMBER_TAIL}d}"

    def _digest(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()
