"""What the flows mean: flow → balance → verdict. Knows the ledger, and nothing of where it came from."""
