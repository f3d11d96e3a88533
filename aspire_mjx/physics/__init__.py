"""What happens: the engines that advance worlds, and what is felt meanwhile."""
