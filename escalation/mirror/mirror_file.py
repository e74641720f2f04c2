"""The shape of data/operator/mirror.yml: which tickets are kept in another system too, and where that is."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from pydantic import Field, model_validator

from escalation.kind import Kind
from escalation.policy_files import Duration, Entry, Misfit, RoutingFile

_URL = r"^https?://[!-~]{1,300}$"
_NAME = r"^[A-Za-z0-9][A-Za-z0-9 .-]{0,39}$"


class MirrorWords(Entry):
    """Notes for the staff of either side."""

    status_refused_there: str  # {status}: ours
    status_refused_here: str  # {status}: theirs; {why}
    deleted: str


class MirrorFile(Entry):
    """`kinds`, `departments`: of the tickets that are mirrored; empty: all. Once mirrored, a ticket stays so."""

    enabled: bool = False
    url: str = Field(default="", pattern=f"{_URL}|^$")  # of the API: the path that ends with /v4
    token_url: str = Field(default="", pattern=f"{_URL}|^$")  # OAuth2, client credentials
    client_id: str = Field(default="", max_length=200)
    kinds: frozenset[Kind] = frozenset()
    departments: frozenset[str] = frozenset()
    poll_every: Duration = timedelta(seconds=10)
    we_are: str = Field(default="Firstline", pattern=_NAME)  # before the author of a note of ours, over there
    they_are: str = Field(default="Mirror", pattern=_NAME)  # before the author of a note of theirs, over here
    words: MirrorWords

    @model_validator(mode="after")
    def _complete(self) -> "MirrorFile":
        if self.enabled and not (self.url and self.token_url and self.client_id):
            raise ValueError("`enabled: true` needs url, token_url and client_id")
        if self.we_are == self.they_are:
            raise ValueError("we_are and they_are tell whose a note is: they must differ")
        return self

    def wants(self, ticket: Mapping[str, Any]) -> bool:
        """`ticket`: as a resource of TMF621."""
        about = ticket["escalation"]
        return (not self.kinds or about["kind"] in self.kinds) and (
            not self.departments or about["department"] in self.departments
        )


def faults_of_mirror(file: MirrorFile, routing: RoutingFile) -> Iterator[Misfit]:
    for department in sorted(file.departments - set(routing.departments)):
        yield "mirror.yml", ("departments",), f"departments: {department} is not a department of routing.yml"
