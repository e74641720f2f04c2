"""The front door for browsers: conversations, messages and their event stream."""
