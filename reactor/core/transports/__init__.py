"""Moving bytes: one file for each kind of transport, and one buffering core that all of them share."""
