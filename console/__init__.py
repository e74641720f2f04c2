"""Where people work: the agents' pages."""
