"""The menu, a file of half a megabyte that says when it is opened and closed."""

from io import BytesIO

MENU = b"".join(b"dish %05d with truffles and a glass of the house's own\r\n" % number for number in range(8_000))


class _Menu(BytesIO):
    def close(self):
        if not self.closed:
            print("closed")
        super().close()

    def __del__(self):
        """Nobody may count on this: without a `close`, the file stays open here."""


def open_menu():
    """The menu, opened anew."""
    print("opened")
    return _Menu(MENU)
