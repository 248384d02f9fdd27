"""What stands on a slide, and how it becomes HTML."""
