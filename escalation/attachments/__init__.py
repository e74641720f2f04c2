"""Files of a conversation: taken in, cleaned, kept, and shown only to whom they belong or who serves them."""
