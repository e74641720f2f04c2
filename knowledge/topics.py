"""The topic codes of the knowledge base, and the departments an article may point to."""

TOPICS = (
    "broadband-down",
    "broadband-slow",
    "wifi",
    "equipment",
    "mobile-signal",
    "mobile-calls",
    "mobile-data",
    "messaging",
    "roaming",
    "sim",
    "device",
    "tv",
    "landline",
    "email",
    "outage",
    "bill-understand",
    "bill-dispute",
    "payment",
    "balance-topup",
    "usage-cap",
    "plans-offers",
    "order-activation",
    "technician",
    "cancel",
    "move",
    "porting",
    "account-access",
    "loyalty",
    "security-fraud",
    "complaint",
    "parental-controls",
    "accessibility",
    "feature-request",
    "planned-maintenance",
)

DEPARTMENTS = (
    "frontline",
    "billing",
    "provisioning",
    "fixed-access",
    "radio",
    "core",
    "customer-care-systems",
    "mediation",
    "order-management",
)

# Topics that make sense for one product only: a customer known to ask about another product is not offered them.
PRODUCT_TOPICS = {
    "broadband": frozenset({"broadband-down", "broadband-slow", "wifi"}),
    "mobile": frozenset(
        {"mobile-signal", "mobile-calls", "mobile-data", "messaging", "roaming", "sim", "balance-topup", "device"}
    ),
    "tv": frozenset({"tv"}),
    "landline": frozenset({"landline"}),
}


def product_of(topic: str) -> str | None:
    """The one product that the topic belongs to; None for topics of several, such as bills and orders."""
    return next((product for product, topics in PRODUCT_TOPICS.items() if topic in topics), None)
