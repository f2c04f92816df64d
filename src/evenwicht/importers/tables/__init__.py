"""How a table is read by its layout: bytes → rows → cells → events."""
