from test_odd_moments import *
