"""Who may sign in, and to what."""
