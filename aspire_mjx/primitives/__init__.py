"""The robot API: declared once, with batched implementations and honest statuses."""
