# profile: capx
# api: capx
# task: libero_10/4
# kinds: 5
# outcome: prints
# > True True
# > 8 8
# > True
obs = get_observation()
print("agentview" in obs, "robot0_eye_in_hand" in obs)
print(len(obs["robot_cartesian_pos"]), len(obs["robot_joint_pos"]))
x, y, z, qw, qx, qy, qz, opening = obs["robot_cartesian_pos"]
print(0.9 < opening < 1.02 and z > 0.1)
