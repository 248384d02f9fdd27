from test_factories import *
