from test_unix_locks import *
