import numpy as np

depth = tunable("depth", 0.01, low=0.0, high=0.04)
hover = tunable("hover", 0.1, low=0.05, high=0.3)
r = sample_grasp_pose("milk")
if r and depth < 0.03:
    p, q = r
    goto_pose(p - np.array([0, 0, depth]), q, z_approach=hover)
print(f"{depth:.3f} {hover:.2f}", depth + hover > 0.12)
