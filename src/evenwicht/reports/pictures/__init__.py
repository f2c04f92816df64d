"""Our own pictures: pure functions of the result that give SVG, the same for page, web and paper.

Colour belongs to a party, position to a chair, and verdicts are ink: shape, line and word. What turns with the
chair stands in a group of class `flip`; texts stand outside it. No picture holds an inline style.
"""
