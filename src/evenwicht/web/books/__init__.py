"""What was read, what was found, and how it is shown."""
