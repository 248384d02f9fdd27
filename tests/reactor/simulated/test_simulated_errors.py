from test_errors import *
