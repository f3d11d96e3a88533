"""What tests share: small worlds, hand-made traces, a robot without physics, and comparisons."""
