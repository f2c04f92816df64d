"""Room of the iCalendar importer: lines, times, zones, recurrence, people, and the rows they make.

`reading.events_of` is the door. The mail importer uses it as well, for the invitations inside mails.
Standard: RFC 5545 (iCalendar), RFC 5546 (METHOD), RFC 7986 (EMAIL parameter).
"""
