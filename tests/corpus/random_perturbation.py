"""Random restarts: perturb the grasp a little until inverse kinematics and motion agree."""
import numpy as np

np.random.seed(7)
rng = np.random.default_rng(3)


def jitter(position, scale):
    """The position with normal noise, never below the table."""
    moved = position + np.random.normal(0.0, scale, size=3)
    moved[2] = max(float(moved[2]), 0.02)
    return moved


result = sample_grasp_pose("alphabet soup")
if not result:
    choices = ["soup can", "can", "soup"]
    np.random.shuffle(choices)
    print("trying", choices)
    for name in choices:
        result = sample_grasp_pose(name)
        if result:
            break
if result:
    position, quat = result
    scale = 0.005
    for restart in range(5):
        candidate = jitter(position, scale)
        if not solve_ik(candidate, quat):
            scale *= 1.5
            continue
        if goto_pose(candidate, quat, z_approach=0.05 + 0.05 * rng.random()):
            print(f"restart {restart}: moved with scale {scale:.4f}")
            break
        scale *= 2.0
    else:
        print("no luck")
    offsets = rng.uniform(-0.01, 0.01, size=(4, 2))
    best = int(np.argmin(np.linalg.norm(offsets, axis=1)))
    print("best offset", best, np.round(offsets[best], 4))
    angle = rng.choice([0.0, np.pi / 4, np.pi / 2])
    turned = np.array([0.0, np.cos(angle / 2), np.sin(angle / 2), 0.0])
    goto_pose(position + [offsets[best][0], offsets[best][1], 0.1], turned)
    print(rng.integers(0, 10), round(float(np.random.rand()), 4))
else:
    print("nothing found", result.status)
