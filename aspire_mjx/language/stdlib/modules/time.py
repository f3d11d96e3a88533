"""``time``: the clock of the episode. It goes on when the robot moves or waits, and never while a program computes."""


def time():
    """Seconds of simulated time; 0 at the start of an episode of the usual length."""
    return (10000 - steps_left()) * 0.02


def monotonic():
    """The same."""
    return (10000 - steps_left()) * 0.02


def perf_counter():
    """The same."""
    return (10000 - steps_left()) * 0.02
