"""From program text to a schedule of instructions."""
