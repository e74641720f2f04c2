"""Policy as our people change it in the console: proposed, decided by somebody else, published to all programs."""
