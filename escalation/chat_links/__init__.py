"""Links on which a call goes on in the chat: made for a caller, followed once."""
