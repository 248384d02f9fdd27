"""Lore: documents in a small subset of XHTML, from which come pages, LaTeX and slides.

    <html xmlns="http://www.w3.org/1999/xhtml">
      <head><title>Ordering soup</title></head>
      <body>
        <h1>Ordering soup</h1>
        <p>A waiter asks the <q>kitchen</q><span class="footnote">Or the bar.</span>:</p>
        <a class="py-listing" href="../examples/03_echo/server.py#Echo">The waiter</a>
        <h2>Paying</h2>
        <p>See <code class="API" base="reactor.defer">Deferred</code>.</p>
      </body>
    </html>

The markup says what a text is, never how it looks: so one source can become all three. A listing is no copy, but is
taken from the program that the build runs. A document that isn't well-formed, or says what no output could show, is
refused as a whole, with every mistake and its place; nothing is guessed.

`xhtml` reads, `subset` is the table of what may be said, `lint` holds a document to it; `document` knows what its
sections, footnotes and listings are; `html` and `latex` write; `book` makes one of many. `lecture lore` is the command.

The markup is that of Twisted's Lore, which wrote Twisted's documentation from 2001 to 2011.
"""
