"""The pages: the same findings as whole HTML documents that need nothing beside themselves.

`frame` is the document, `portfolio` all relations, `relation` one of them. A relation is read from a chair (`seen`: signs
turned, sides in order) and consists of `tracks` (one axis each), `given` (figures of both sides beside each other) and
`evidence` (the events behind each figure); `verdict` is how a verdict is shown everywhere. `style` and `font` hold the
style sheets and the one family of letters.
"""
