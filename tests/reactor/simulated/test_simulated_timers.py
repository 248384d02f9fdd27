from test_timers import *
