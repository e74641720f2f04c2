"""The front door for phones: Twilio voice webhooks."""
