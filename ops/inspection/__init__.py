"""The daily inspection: every dependency, queue, disk, clock and date that Firstline lives by, looked at in one go."""
