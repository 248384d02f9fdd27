from test_idle import *
