from test_happy_eyeballs import *
