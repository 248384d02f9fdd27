"""A terminal of 200 columns, as far as the line editor uses it."""

import re
import unicodedata

_SEQUENCE = re.compile(r"\x1b\[(\d*)([A-Za-z])|\x1bc|(.)", re.DOTALL)


class Screen:
    """What a terminal shows after this was written to it. lines: cells joined; column, row: where the cursor is."""

    def __init__(self, written=b""):
        self.rows, self.row, self.column, self.inserts = [[]], 0, 0, False
        for match in _SEQUENCE.finditer(written.decode()):
            number, final, character = match.groups()
            if character is None:
                self.obey(final, int(number or 1) if number != "" else 1)
            else:
                self.show(character)

    @property
    def lines(self):
        return ["".join(cell for cell in row if cell is not None) for row in self.rows]

    def line(self):
        """The one with the cursor."""
        return self.lines[self.row]

    def obey(self, final, number):
        cells = self.rows[self.row]
        if final is None or final == "J":
            self.rows, self.row, self.column = [[]], 0, self.column if final else 0
        elif final == "H":
            self.row = self.column = 0
        elif final == "C":
            self.column += number
        elif final == "D":
            self.column = max(self.column - number, 0)
        elif final == "K":
            del cells[self.column if number != 2 else 0 :]
        elif final == "P":
            del cells[self.column : self.column + number]
        elif final in "hl":
            assert number == 4
            self.inserts = final == "h"
        else:
            raise AssertionError(final)

    def show(self, character):
        cells = self.rows[self.row]
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self.rows.append([])
            self.row += 1
        elif unicodedata.combining(character):
            place = max(i for i in range(self.column) if cells[i] is not None)
            cells[place] += character
        elif character != "\a":
            wide = unicodedata.east_asian_width(character) in "WF"
            cells += [" "] * (self.column - len(cells))
            new = [character, None] if wide else [character]
            cells[self.column : self.column + (0 if self.inserts else len(new))] = new
            self.column += len(new)
