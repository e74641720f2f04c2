"""The demo operator: a program that plays the operator's systems, so that all of Firstline can be tried."""
