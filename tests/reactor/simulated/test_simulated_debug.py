from test_debug import *
