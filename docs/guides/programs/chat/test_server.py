"""The rules of the room, tried without a socket."""

import unittest

from server import Room

from reactor.testing import Clock, StringTransport


class TestRoom(unittest.TestCase):
    def setUp(self):
        self.clock = Clock()
        self.room = Room(self.clock)

    def enter(self, name):
        """A guest with this name, who has read everything so far."""
        guest = self.room.buildProtocol(None)
        guest.makeConnection(StringTransport())
        guest.dataReceived(name + b"\n")
        guest.transport.clear()
        return guest

    def test_what_one_says_the_others_read(self):
        ann, bob = self.enter(b"ann"), self.enter(b"bob")
        ann.transport.clear()
        bob.dataReceived(b"hel")
        bob.dataReceived(b"lo\r\n")  # telnet sends both; and TCP cuts where it likes
        self.assertEqual(ann.transport.value(), b"bob: hello\n")
        self.assertEqual(bob.transport.value(), b"")

    def test_a_name_belongs_to_one_guest(self):
        self.enter(b"ann")
        self.assertIsNone(self.enter(b"ann").name)

    def test_a_line_without_end_closes_its_connection(self):
        ann = self.enter(b"ann")
        ann.dataReceived(b"x" * 600)
        self.assertEqual(ann.transport.value(), b"* A line has 512 bytes at most.\n")
        self.assertTrue(ann.transport.disconnecting)

    def test_for_a_slow_reader_lines_are_counted_and_not_kept(self):
        ann, bob = self.enter(b"ann"), self.enter(b"bob")
        ann.transport.clear()
        ann.transport.producer.pauseProducing()  # as the transport does when its buffer is full
        bob.dataReceived(b"one\ntwo\n")
        self.assertEqual(ann.transport.value(), b"")
        ann.transport.producer.resumeProducing()
        self.assertEqual(ann.transport.value(), b"* You have missed 2 lines.\n")

    def test_who_does_not_go_in_two_seconds_is_cut_off(self):
        ann = self.enter(b"ann")
        closing = self.room.close()
        self.assertEqual(ann.transport.value(), b"* The room closes.\n")
        self.clock.advance(1.9)
        self.assertFalse(ann.transport.disconnected)
        self.clock.advance(0.1)
        self.assertTrue(ann.transport.disconnected)
        self.assertTrue(closing.called)


if __name__ == "__main__":
    unittest.main()
