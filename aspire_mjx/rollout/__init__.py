"""Jobs in, traces out: the loop that moves many rollouts through one engine."""
