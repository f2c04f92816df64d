"""From any file or mailbox to directed events and problems: one file per standard.

A member of this folder is a module with

    NAME = "ubl"
    def identify(head: Head) -> bool          does this file look like mine? Content decides, not the file name
    def read(source: Source) -> Reading       events, problems, coverage, mentions; raises nothing for bad data

Members know nothing of each other, of other files, or of who "we" are.
"""
