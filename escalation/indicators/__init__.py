"""The 23 indicators of the supervisors' board: what each means, and the one query that measures it."""
