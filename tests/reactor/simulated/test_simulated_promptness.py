from test_promptness import *
