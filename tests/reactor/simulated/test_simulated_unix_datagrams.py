from test_unix_datagrams import *
