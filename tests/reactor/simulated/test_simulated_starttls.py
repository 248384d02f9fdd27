from test_starttls import *
