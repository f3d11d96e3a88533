# profile: capx
# task: libero_object/4
# kinds: 6
# outcome: refused np
# The API is there without an import; numpy is not.
pos, quat = sample_grasp_pose("ketchup bottle", use_multiview=False)
print("planned")
lift = np.array([0.0, 0.0, 0.2])
goto_pose(pos + lift, quat)
