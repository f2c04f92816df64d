"""Portfolios with known truth: how often the verdicts are right is measured on these. Imports the ledger alone."""
