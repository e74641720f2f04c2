"""Technicians' visits: agreed with the customer, made, measured and closed, all of it in the ticket."""
