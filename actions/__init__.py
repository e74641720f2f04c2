"""What the assistant can do: Rasa's custom actions, a file per topic."""
