"""Contacts, tickets and people: priority, tiers, clocks, and the only code that changes a ticket."""
