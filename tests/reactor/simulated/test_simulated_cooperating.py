from test_cooperating import *
