from test_system_events import *
