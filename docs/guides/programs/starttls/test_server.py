"""What the letter box says before TLS, tried without a socket."""

import unittest

from server import LetterBoxes

from reactor.testing import Clock, StringTransport


class TestLetterBox(unittest.TestCase):
    def box(self, options, sent):
        """A letter box to which a client has sent this."""
        box = LetterBoxes(options).buildProtocol(None)
        box.callLater = Clock().callLater
        box.makeConnection(StringTransport())
        box.dataReceived(sent)
        return box

    def test_a_letter_in_plain_text_is_refused(self):
        box = self.box("some options", b"LETTER dear ann\n")
        self.assertEqual(box.transport.value(), b"220 STARTTLS\n530 no letters without TLS\n")

    def test_tls_that_is_not_offered_does_not_begin(self):
        box = self.box(None, b"STARTTLS\n")
        self.assertEqual(box.transport.value(), b"220\n503 not now\n")

    def test_a_line_without_end_closes_its_connection(self):
        self.assertTrue(self.box("some options", b"LETTER" + b"x" * 1100).transport.disconnecting)


if __name__ == "__main__":
    unittest.main()
