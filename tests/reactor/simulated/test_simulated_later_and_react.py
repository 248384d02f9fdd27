from test_later_and_react import *
