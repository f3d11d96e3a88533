"""The search for a task's program: candidates in rounds, their archive, actors and the coordinator."""
