"""The shape of data/operator/replies.yml: what agents write often, with places for what a ticket knows."""

import re
from collections.abc import Collection, Iterator

from pydantic import Field, field_validator

from escalation.policy_files import Entry, Place

VARIABLES = ("name", "reference", "promised", "agent")
_PLACE = re.compile(r"\{([^{}]*)\}")


class CannedReply(Entry):
    """`departments`: whose tickets it is for; none: everybody's. `{name}` is the customer, `{agent}` who writes,
    `{promised}` when the solution is due.
    """

    name: str = Field(min_length=1, max_length=80)
    text: str = Field(min_length=1, max_length=4000)
    departments: tuple[str, ...] = ()
    language: str = Field(default="en", min_length=2, max_length=16)

    @field_validator("text")
    @classmethod
    def _known(cls, text: str) -> str:
        for name in _PLACE.findall(text):
            if name not in VARIABLES:
                raise ValueError(f"{{{name}}} is not known; known are {', '.join(f'{{{one}}}' for one in VARIABLES)}")
        if {"{", "}"} & set(_PLACE.sub("", text)):
            raise ValueError("a brace has no counterpart")
        return text


class RepliesFile(Entry):
    replies: tuple[CannedReply, ...] = ()


def faults_of_replies(file: RepliesFile, departments: Collection[str]) -> Iterator[tuple[Place, str]]:
    seen: set[tuple[str, str]] = set()
    for number, reply in enumerate(file.replies):
        for place, name in enumerate(reply.departments):
            if name not in departments:
                yield ("replies", number, "departments", place), f"{name} is not a department of routing.yml"
        if (reply.name, reply.language) in seen:
            yield ("replies", number, "name"), f"there are two replies {reply.name!r} in {reply.language}"
        seen.add((reply.name, reply.language))
