from test_half_close import *
