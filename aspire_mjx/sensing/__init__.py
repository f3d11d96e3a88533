"""What the robot's cameras see: noise-free images, the errors of sensors and detector, and boxes fitted to them."""
