from test_unix import *
