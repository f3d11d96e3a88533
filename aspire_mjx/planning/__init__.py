"""How the robot moves well: kinematics, inverse kinematics, collisions, trajectories, grasps."""
