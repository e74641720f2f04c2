"""Planned maintenance: what it does to tickets, and to whom it is announced."""
