"""Half a minute, tried in no time: no socket, no sleep, no reactor."""

import unittest

from shy import Shy

from reactor.task import Clock
from reactor.testing import StringTransport


class TestShy(unittest.TestCase):
    def setUp(self):
        self.clock, self.transport = Clock(), StringTransport()
        self.shy = Shy(self.clock)
        self.shy.makeConnection(self.transport)

    def test_greets_a_slow_talker(self):
        self.transport.clear()
        for byte in b"arthur\r\n":
            self.clock.advance(3)
            self.shy.dataReceived(bytes([byte]))
        self.assertEqual(self.transport.value(), b"pleased to meet you, arthur\r\n")
        self.assertTrue(self.transport.disconnecting)

    def test_hangs_up_on_the_silent(self):
        self.clock.advance(29)
        self.assertFalse(self.transport.disconnected)
        self.clock.advance(1)
        self.assertTrue(self.transport.disconnected)


unittest.main(verbosity=2)
