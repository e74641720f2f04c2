"""Operational tasks that recur: when they are due, how each run becomes a ticket, what became of the runs."""
