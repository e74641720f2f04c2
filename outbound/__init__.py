"""The one place that sends: text messages and e-mail to customers."""
