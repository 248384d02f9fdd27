from test_policies import *
