"""Mass outages: suspected from many reports of one place, confirmed by a person, told to everybody it concerns."""
