"""Our tickets, kept in another ticket system of the operator's as well."""
