"""What there is: tasks, things and fixtures, templates and the worlds made from them, and when a goal holds."""
