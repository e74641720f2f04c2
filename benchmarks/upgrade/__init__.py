"""An upgrade as an operator makes it: what is kept of conversations, calls and tickets, and do they go on?"""
