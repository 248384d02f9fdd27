from test_descriptors_of_others import *
