"""What each instruction does to a strand."""
