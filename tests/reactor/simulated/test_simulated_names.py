from test_names import *
