"""What both sides see: the only folder that knows Django. `bridge.py` is the only door between its rows and the numbers.

`people/` holds who may sign in and to what, `books/` what was read, what was found and how it is shown. In each, `rows` are
the tables, `queries` read them, `acts` change them, `access` decides who may, `views` answer a request by asking the others,
and `pages` draw the answer.
"""
