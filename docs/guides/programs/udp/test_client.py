"""Lost, late and forged datagrams, without a network and without waiting."""

import unittest

from client import Asker, NoAnswer

from reactor.defer import ensureDeferred
from reactor.testing import Clock, FakeDatagramTransport


class TestAsker(unittest.TestCase):
    def setUp(self):
        self.clock = Clock()
        self.asker = Asker(self.clock, waits=(1, 2))
        self.asker.transport = FakeDatagramTransport()
        self.asked = ensureDeferred(self.asker.ask("ann"))

    def token(self):
        datagram, _ = self.asker.transport.written[0]
        return datagram.partition(b" ")[0]

    def test_a_late_answer_to_the_first_question_is_an_answer_to_the_second(self):
        self.clock.advance(1)
        self.assertEqual(len(self.asker.transport.written), 2)
        self.asker.datagramReceived(self.token() + b" 555-0101", None)
        self.assertEqual(self.asked.result, "555-0101")

    def test_an_answer_to_nobodys_question_is_none(self):
        self.asker.datagramReceived(b"guessed 666-6666", None)
        self.assertFalse(self.asked.called)
        self.asker.datagramReceived(self.token() + b" 555-0101", None)
        self.asker.datagramReceived(self.token() + b" 666-6666", None)
        self.assertEqual(self.asked.result, "555-0101")

    def test_after_the_last_wait_it_gives_up_and_forgets(self):
        self.clock.pump([1, 2])
        problems = []
        self.asked.addErrback(problems.append)
        self.assertTrue(problems[0].check(NoAnswer))
        self.assertEqual(self.asker.waiting, {})


if __name__ == "__main__":
    unittest.main()
