"""For schemathesis: every request is signed as Twilio signs it, over the address and the form as they are sent."""

import os
from urllib.parse import parse_qsl

import schemathesis
from requests import PreparedRequest
from requests.auth import AuthBase
from twilio.request_validator import RequestValidator


class Form(dict[str, list[str]]):
    """A field may come more than once: `getlist` is how Twilio's validator asks for that."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


class Signed(AuthBase):
    def __init__(self, token: str) -> None:
        self._validator = RequestValidator(token)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        body = request.body or ""
        sent = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
        form = Form()
        for name, value in parse_qsl(sent, keep_blank_values=True):
            form.setdefault(name, []).append(value)
        request.headers["X-Twilio-Signature"] = self._validator.compute_signature(request.url, form)
        return request


schemathesis.auth.set_from_requests(Signed(os.environ["FIRSTLINE_SIGNED_WITH"]))
