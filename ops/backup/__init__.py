"""Everything that must not be lost in one file, and back again."""
