"""Starting and stopping the programs, and the embedded Redis and PostgreSQL."""
