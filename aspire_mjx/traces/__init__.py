"""Records of every primitive call of a batch of rollouts: columns, files, readers, replay."""
