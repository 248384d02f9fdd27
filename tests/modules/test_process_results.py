"""The result of a program as a Deferred: what it printed, how it ended."""

import sys

import pytest

from reactor.error import ProcessDone
from reactor.utils import getProcessOutput, getProcessOutputAndValue, getProcessValue
from tests.support.loopback import run
from tests.support.processes import no_child_left  # noqa: F401

pytestmark = [pytest.mark.not_only_sockets, pytest.mark.usefixtures("no_child_left")]


def result_of(reactor, deferred):
    """Run until there is a result; the result, or the Failure."""
    results = []

    def done(result):
        results.append(result)
        reactor.stop()

    deferred.addBoth(done)
    run(reactor)
    return results[0]


def sh(function, reactor, script, **options):
    return result_of(reactor, function("/bin/sh", ["-c", script], reactor=reactor, **options))


def test_the_output_is_all_that_was_printed(reactor):
    assert sh(getProcessOutput, reactor, "echo one; echo two; exit 3") == b"one\ntwo\n"


def test_large_output_comes_whole(reactor):
    script = "import sys; sys.stdout.write('x' * 1_000_000)"
    output = result_of(reactor, getProcessOutput(sys.executable, ["-Sc", script], reactor=reactor))
    assert output == b"x" * 1_000_000


def test_errors_belong_to_the_output_if_asked_for(reactor):
    assert sh(getProcessOutput, reactor, "echo 1; exec 1>&2; echo 2", errortoo=True) in (b"1\n2\n", b"2\n1\n")


def test_unexpected_errors_fail_at_once_and_the_end_is_told_later(reactor):
    failure_and_end = []

    def failed(failure):
        failure_and_end.append(failure)
        failure.value.processEnded.addErrback(ended)

    def ended(reason):
        failure_and_end.append(reason)
        reactor.stop()

    script = "echo oops >&2; read x; exit 0"
    getProcessOutput("/bin/sh", ["-c", script], reactor=reactor).addErrback(failed)
    run(reactor)
    failure, reason = failure_and_end
    assert failure.check(OSError)
    assert "got stderr: b'oops" in str(failure.value)
    assert reason.value.exitCode in (0, 1)  # its input was closed


def test_environment_and_directory_are_handed_on(reactor, tmp_path):
    output = sh(getProcessOutput, reactor, 'echo "$NAME"; pwd', env={"NAME": "value"}, path=str(tmp_path))
    assert output == b"value\n" + str(tmp_path).encode() + b"\n"


def test_the_value_is_the_exit_code(reactor):
    assert sh(getProcessValue, reactor, "echo ignored; exit 7") == 7


def test_the_value_is_None_when_a_signal_ends_it(reactor):
    assert sh(getProcessValue, reactor, "kill -KILL $$") is None


def test_both_outputs_and_the_exit_code(reactor):
    assert sh(getProcessOutputAndValue, reactor, "echo 1; echo 2 >&2; exit 3") == (b"1\n", b"2\n", 3)


def test_input_is_given_and_closed(reactor):
    words = b"pear\nfig\napple\n" * 50_000
    result = getProcessOutputAndValue("/usr/bin/sort", reactor=reactor, stdinBytes=words)
    assert result_of(reactor, result) == (b"apple\n" * 50_000 + b"fig\n" * 50_000 + b"pear\n" * 50_000, b"", 0)


def test_a_signal_fails_with_what_there_was(reactor):
    failure = sh(getProcessOutputAndValue, reactor, "echo 1; echo 2 >&2; kill -TERM $$")
    out, err, number = failure.value
    assert (out, err, number) == (b"1\n", b"2\n", 15)


@pytest.mark.own_promise("in Twisted the value of that failure is a tuple, no exception")
def test_that_failure_says_what_happened(reactor):
    failure = sh(getProcessOutputAndValue, reactor, "echo 1; kill -TERM $$")
    assert "signal 15 ended the program; it had written b'1\\n'" in str(failure.value)


def test_a_program_that_is_not_there_raises_at_the_call(reactor):
    with pytest.raises(FileNotFoundError):
        getProcessOutput("/no/such/program", reactor=reactor)


def test_the_end_of_a_clean_process_is_ProcessDone(reactor):
    ends = []
    deferred = getProcessOutput("/bin/sh", ["-c", "echo oops >&2"], reactor=reactor)

    def ended(reason):
        ends.append(reason)
        reactor.stop()

    deferred.addErrback(lambda failure: failure.value.processEnded.addErrback(ended))
    run(reactor)
    assert ends[0].check(ProcessDone)
