"""What we send: SMS, later e-mail and calls; the only user of Twilio's REST API."""
