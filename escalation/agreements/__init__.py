"""Agreements: what is promised to customers, departments, vendors and other operators, and what a miss costs."""
