from test_looping_call import *
