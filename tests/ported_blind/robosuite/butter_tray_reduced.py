# profile: capx_robosuite
# task: libero_90/56
# kinds: 1, 2, 4
# outcome: fails
# why: fingers 80 mm apart go down along a box that is 76 mm long
import numpy as np
from scipy.spatial.transform import Rotation as R

def observe():
    o = get_observation()["robot0_robotview"]
    return o["images"]["rgb"], o["images"]["depth"], o["intrinsics"], o["pose_mat"]

def cloud_of(prompts, rgb, depth, K, T):
    for p in prompts:
        res = segment_sam3_text_prompt(rgb, p)
        res = [r for r in res if 20 < int(np.count_nonzero(r["mask"])) < 12000]
        if not res:
            continue
        res.sort(key=lambda r: r["score"], reverse=True)
        ys, xs = np.nonzero(res[0]["mask"])
        cam_pts = depth_to_point_cloud(depth, K)[ys, xs]
        return transform_points(cam_pts, T)
    return np.empty((0, 3))

rgb, depth, K, T = observe()
butter = cloud_of(["butter", "butter box", "small box of butter"], rgb, depth, K, T)
tray = cloud_of(["wooden tray", "tray"], rgb, depth, K, T)
if len(butter) < 5 or len(tray) < 20:
    raise RuntimeError(f"perception failed: {len(butter)} butter points, {len(tray)} tray points")

med = np.median(butter, axis=0)
table = np.percentile(butter[:, 2], 2)
quat = np.roll(R.from_euler("xyz", [180, 0, 90], degrees=True).as_quat(), 1)  # wxyz

target = np.array([med[0], med[1], med[2] - 0.012])
open_gripper()
move_to_joints(solve_ik(target + [0, 0, 0.1], quat))
move_to_joints(solve_ik(target, quat))
close_gripper()
move_to_joints(solve_ik(target + [0, 0, 0.2], quat))

lo, hi = np.percentile(tray, [5, 95], axis=0)
mid = (lo + hi) / 2
move_to_joints(solve_ik(np.array([mid[0], mid[1], hi[2] + 0.14]), quat))
move_to_joints(solve_ik(np.array([mid[0], mid[1], lo[2] + 0.06]), quat))
open_gripper()
move_to_joints(solve_ik(np.array([mid[0], mid[1], hi[2] + 0.2]), quat))
