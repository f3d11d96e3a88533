"""What an agent may do on an engine: declared once, for the agents of this package and for other programs."""
