"""Clients of the TM Forum Open APIs: one file per system, which holds that system's field mapping and nothing else."""
