# profile: aspire
# task: libero_90/22
# kinds: 4, 7
# outcome: passes
# The white cabinet stands on the right side of the image and its bottom drawer is open towards the left.
import numpy as np
from scipy.spatial.transform import Rotation


def wxyz_from_axes(closing, approach):
    m = np.column_stack([np.cross(closing, approach), closing, approach])
    q = Rotation.from_matrix(m).as_quat()
    return np.concatenate([q[3:], q[:3]])


cam = get_observation()["agentview"]
prompts = ["bottom drawer handle", "handle of the open drawer", "bottom drawer"]
for prompt in prompts:
    result = segment_sam3_text_prompt(cam["images"]["rgb"], prompt)
    if len(result) > 0:
        break
else:
    raise RuntimeError("drawer not found")
print(prompt, len(result))
pts = mask_to_world_points(result[0]["mask"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"])
spot = np.median(pts, axis=0)

approach = normalize_vector(np.array([0.0, 1.0, -0.6]))
quat = wxyz_from_axes(np.array([1.0, 0.0, 0.0]), approach)
close_gripper()
goto_pose(spot + np.array([0.0, -0.10, 0.15]), quat)
goto_pose(spot + np.array([0.0, -0.04, 0.0]), quat)
for p in interpolate_segment(spot, spot + np.array([0.0, 0.19, 0.0]), step=0.03):
    goto_pose(p, quat)
goto_pose(spot + np.array([0.0, 0.05, 0.15]), quat)
