"""Calls that Firstline makes by itself: whom it rings and when, and what the customer answers by a key."""
