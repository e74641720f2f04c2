"""Machines sign in: OAuth 2.0 client credentials from our own small issuer, or tokens of the operator's."""
