"""Who gave what to whom, and when. The only thing that importers and measures both know.

Light to import: no data frame is loaded until `ledger.table` is asked for, so that a worker that only reads
files stays small.
"""
