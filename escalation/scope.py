"""What a machine client may be allowed to do: the scopes of its tokens."""

from enum import StrEnum


class Scope(StrEnum):
    TICKETS_READ = "tickets:read"
    TICKETS_WRITE = "tickets:write"  # file and patch
    TICKETS_ADMIN = "tickets:admin"  # delete
    INTERACTIONS_READ = "interactions:read"  # what was said
    HUB = "hub"  # subscribe to events
