"""The commands of the experiments, and the speed of this machine."""
