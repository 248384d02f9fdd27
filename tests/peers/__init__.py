"""Programs of others as peers: found, started, stopped, and counted.

    @pytest.mark.peer("SOCKS", server="microsocks")
    def test_microsocks(one_reactor, daemon):
        proxy = daemon("microsocks", "-i", "127.0.0.1", "-p", "@PORT@")
        ...                                                # proxy.port; proxy.output()

The mark says which protocol this test speaks with which program, and what that program is: a client of ours, or a
server for ours. Where the program isn't installed, the test is skipped, and says which package to install
(packages.py). Where it is, and the test passes, the pair is *tried*; `pytest --write-peers` writes down all that were
(tried.py), and the build makes the table of the slide "Protocol implementations" from it.

`daemon` starts a server on a free port, in a folder of its own, and stops it after the test (daemons.py). `run_program`
runs a program to its end while the reactor of the test turns (programs.py).
"""
