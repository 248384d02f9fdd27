from test_closing import *
