"""Producers that obey, and complain about calls that make no sense."""

from __future__ import annotations


class Producer:
    """What both kinds share. talker: the owner of the stream. piece: bytes at a time. pace_s: seconds between pieces.

    state: "running", "paused", "finishing" (all is written), "done" (and it is unregistered) or "stopped" (it
    was told to).
    """

    streaming: bool

    def __init__(self, talker, piece, pace_s):
        self.talker = talker
        self.piece = piece
        self.pace_s = pace_s
        self.state = "running"
        self.stopped_when = ""  # its state when it was told to stop

    def begin(self):
        self.talker.transport.registerProducer(self, self.streaming)

    def stopProducing(self):
        self.told("stopProducing")
        self.stopped_when, self.state = self.state, "stopped"

    def told(self, what):
        """The transport calls: check whether it may."""
        self.talker.end.note(what)
        if self.state in ("done", "stopped"):
            self.talker.end.complain(f"{what} for a producer that is {self.state}")
        if self.talker.end.reason is not None:
            self.talker.end.complain(f"{what} after connectionLost")

    def write(self):
        """Write one piece, and unregister with the last one."""
        if self.talker.left:
            self.talker.say(min(self.piece, self.talker.left))
        if self.talker.left:
            self.talker.said_some()
        elif self.talker.part.unregisters_late and self.state != "stopped":
            self.state = "finishing"
            self.talker.later(self.pace_s or 0.0, self._finish)
        else:
            self._finish()

    def _finish(self):
        if self.state != "stopped":
            self.state = "done"
            self.talker.transport.unregisterProducer()
        self.talker.said_some()


class Pusher(Producer):
    """Writes without being asked, until it is told to pause."""

    streaming = True

    def begin(self):
        super().begin()
        if self.state == "running":
            self.go()

    def go(self):
        while self.state == "running":
            self.write()
            transport = self.talker.transport
            if self.state == "running" and transport.pending_bytes > transport.bufferSize:
                self.talker.end.complain(f"{transport.pending_bytes} bytes wait, and nobody says pause")
                return
            if self.pace_s is not None:
                if self.state == "running":
                    self.talker.later(self.pace_s, self.go)
                return

    def pauseProducing(self):
        self.told("pauseProducing")
        if self.state != "finishing":
            self.state = "paused"

    def resumeProducing(self):
        self.told("resumeProducing")
        if self.state == "finishing":
            return
        if self.state != "paused":
            self.talker.end.complain(f"resumeProducing for a push producer that is {self.state}")
        if self.talker.transport.pending_bytes:
            self.talker.end.complain(f"resumeProducing while {self.talker.transport.pending_bytes} bytes wait")
        self.state = "running"
        if self.pace_s is None:
            self.go()
        else:
            self.talker.later(self.pace_s, self.go)


class Puller(Producer):
    """Writes one piece whenever it is asked, at once or a little later."""

    streaming = False
    _is_asked = False
    _is_begun = False
    _was_asked = False

    def begin(self):
        super().begin()
        self._is_begun = True
        if not self._was_asked and self.state == "running":
            self.talker.end.complain("a pull producer was registered, and not asked for its first piece")

    def resumeProducing(self):
        self.told("resumeProducing")
        self._was_asked = True
        if self.state == "finishing":
            return
        if self._is_begun and self.talker.transport.pending_bytes:
            self.talker.end.complain(f"asked for more while {self.talker.transport.pending_bytes} bytes wait")
        if self.pace_s is None:
            self.write()
        elif not self._is_asked:
            self._is_asked = True
            self.talker.later(self.pace_s, self._answer)

    def _answer(self):
        self._is_asked = False
        if self.state == "running":
            self.write()
