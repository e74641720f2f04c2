"""The assistant: Rasa's domain and start file (Python 3.10), and the door to it (bot.client, Python 3.11)."""
