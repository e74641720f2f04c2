"""The day's report: yesterday's figures beside their targets and what was missed, to those who lead, once a day."""
