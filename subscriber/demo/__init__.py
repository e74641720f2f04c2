"""The demo operator: a separate program that stands in for the operator's systems and for Twilio's cloud."""
