"""Quality checks: conversations drawn at random, scored by a form, and what the scores come to over the weeks."""
