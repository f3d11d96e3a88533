"""What a program may be: its text, names, limits and the policy check."""
