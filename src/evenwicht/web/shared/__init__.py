"""One page for two equals: the table two organisations share."""
