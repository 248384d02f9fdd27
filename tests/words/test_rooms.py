"""Rooms and people without a protocol: who hears what, and in which order."""

import pytest

from reactor.cred.checkers import ANONYMOUS
from reactor.words import ewords
from reactor.words.iwords import IUser
from reactor.words.service import Group, InMemoryWordsRealm
from reactor.words.service.rules import fold, full_mask, matches
from tests.support.outcomes import outcomes


class Mind:
    """A mind as Twisted has them. answers: word → what it says when it hears that."""

    def __init__(self, realm, name, answers=()):
        self.name, self.answers, self.heard = name, dict(answers), []
        [(_, self.avatar, self.logout)] = outcomes(realm.requestAvatar(ANONYMOUS, self, IUser))

    def receive(self, sender, recipient, message):
        self.heard.append((sender.name, message["text"]))
        if message["text"] in self.answers:
            self.avatar.send(recipient, {"text": self.answers[message["text"]]})

    def userJoined(self, group, user):
        self.heard.append(("joined", user.name))

    def userLeft(self, group, user, reason=None):
        self.heard.append(("left", user.name, reason))

    def groupMetaUpdate(self, group, meta):
        self.heard.append(("meta", meta["topic"]))


@pytest.fixture
def realm():
    realm = InMemoryWordsRealm("us.example")
    realm.createGroupOnRequest = True
    return realm


def in_room(realm, *minds):
    [room] = outcomes(realm.getGroup("doom"))
    for mind in minds:
        assert outcomes(mind.avatar.join(room)) == [None]
    for mind in minds:
        mind.heard.clear()
    return room


def test_minds_of_twisted_hear_of_others_and_not_of_themselves(realm):
    ann, bob = Mind(realm, "ann"), Mind(realm, "bob")
    room = in_room(realm, ann, bob)
    bob.avatar.send(room, {"text": "soup?"})
    room.setMetadata({"topic": "soup"}, bob)
    bob.avatar.leave(room, "fed")
    assert ann.heard == [("bob", "soup?"), ("meta", "soup"), ("left", "bob", "fed")] and bob.heard == []


def test_all_hear_the_same_order_when_one_answers_while_it_hears(realm):
    ann, robot, bob = Mind(realm, "ann"), Mind(realm, "robot", {"soup?": "Soup."}), Mind(realm, "bob")
    room = in_room(realm, ann, robot, bob)
    ann.avatar.send(room, {"text": "soup?"})
    assert bob.heard == [("ann", "soup?"), ("robot", "Soup.")]


def test_two_robots_that_answer_each_other_for_ever_are_stopped(realm):
    realm.MOST_NESTED = 50
    one, other = Mind(realm, "one", {"a": "b"}), Mind(realm, "other", {"b": "a"})
    room = in_room(realm, one, other)
    other.avatar.send(room, {"text": "a"})
    assert 40 < len(one.heard) + len(other.heard) <= 50
    other.heard.clear()
    one.avatar.send(room, {"text": "still here"})
    assert other.heard == [("one", "still here")]


def test_a_mind_that_raises_is_out_and_the_others_hear_all(realm, logged_errors):
    ann, bad, bob = Mind(realm, "ann"), Mind(realm, "bad"), Mind(realm, "bob")
    room = in_room(realm, ann, bad, bob)
    bad.receive = lambda *_: 1 // 0
    ann.avatar.send(room, {"text": "hello"})
    assert bob.heard == [("ann", "hello"), ("left", "bad", "gone")] and [*room.users] == ["ann", "bob"]
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_who_logs_out_has_left_every_room_and_nothing_of_them_is_kept(realm):
    ann, bob = Mind(realm, "ann"), Mind(realm, "bob")
    room = in_room(realm, ann, bob)
    bob.logout()
    assert ann.heard == [("left", "bob", "")] and [*realm.users] == ["ann"] and outcomes(room.size()) == [1]
    ann.logout()
    assert not realm.users and not realm.groups


def test_a_room_that_was_created_stays_when_it_is_empty(realm):
    outcomes(realm.createGroup("hall"))
    ann = Mind(realm, "ann")
    [room] = outcomes(realm.getGroup("HALL"))
    ann.avatar.join(room)
    ann.avatar.leave(room)
    assert realm.groups["hall"] is room and not room.rules.status


def test_names_are_taken_once_however_they_are_spelled(realm):
    Mind(realm, "ann[1]")
    for name in ("ann[1]", "ANN{1}", "Ann[1}"):
        double = type("Double", (), {"name": name})()
        [failure] = outcomes(realm.requestAvatar(ANONYMOUS, double, IUser))
        assert failure.check(ewords.AlreadyLoggedIn)
    assert fold(r"[]\~A") == "{}|^a" and matches(r"*!*@[\]~", "x!y@{|}^")


def test_how_many_rooms_there_are_and_one_may_be_in_is_bounded(realm):
    realm.mostGroups = 3
    ann = Mind(realm, "ann")
    ann.avatar.mostGroups = 2
    rooms = [outcomes(realm.getGroup(f"r{n}"))[0] for n in range(4)]
    assert rooms.pop().value.why == "rooms"
    joined = [outcomes(ann.avatar.join(room))[0] for room in rooms]
    assert joined[:2] == [None, None] and joined[2].value.why == "many"


def test_a_service_without_rooms_on_request_has_those_that_were_made():
    realm = InMemoryWordsRealm("us.example")
    [failure] = outcomes(realm.getGroup("doom"))
    assert failure.check(ewords.NoSuchGroup) and str(failure.value) == "NoSuchGroup: doom"
    [room] = outcomes(realm.createGroup("doom"))
    assert isinstance(room, Group) and outcomes(realm.getGroup("DOOM")) == [room]
    [failure] = outcomes(realm.createGroup("Doom"))
    assert failure.check(ewords.DuplicateGroup)


def test_matching_a_mask_takes_no_more_than_its_length_times_the_texts():
    assert not matches("*a" * 40 + "b", "a" * 500)
    assert matches("*!*@10.?.*", "ann!a@10.1.2.3") and not matches("ann", "anna") and matches("**", "")


def test_a_mask_gets_its_missing_parts():
    assert [full_mask(it) for it in ("ann", "*@host", "a!b@c", "a!b")] == ["ann!*@*", "*!*@host", "a!b@c", "a!b@*"]
