"""Views of the queue that each of us keeps under a name."""
