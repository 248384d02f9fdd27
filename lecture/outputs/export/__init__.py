"""A deck as one file that one hands over: HTML that opens by a double click, or a PDF."""
