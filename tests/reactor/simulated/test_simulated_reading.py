from test_reading import *
