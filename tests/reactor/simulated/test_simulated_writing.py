from test_writing import *
