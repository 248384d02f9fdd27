from test_loop import *
