"""Schedules over lanes: values, strands, instructions and the rules of each function."""
