"""Documents in pages. `attachments`: the XML that travels inside a PDF, found and taken out within limits."""
