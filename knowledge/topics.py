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


def is_about_another_product(topic: str, product: str | None) -> bool:
    """Whether the topic belongs to a product, and not to the one the customer asks about."""
    if product not in PRODUCT_TOPICS:
        return False
    return any(topic in topics for name, topics in PRODUCT_TOPICS.items() if name != product)
