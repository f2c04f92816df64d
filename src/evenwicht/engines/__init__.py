"""How the work is run: reading files, and assessing a ledger on this machine. The numbers are in `measures`."""
