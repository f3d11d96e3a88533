# profile: aspire
# task: libero_object_swap/7
# kinds: 2, 4, 6
# outcome: passes
import numpy as np

sentence = env.handle.task_language.lower()
for opening in ("pick up the ", "pick the "):
    if sentence.startswith(opening):
        sentence = sentence[len(opening) :]
target, _, rest = sentence.partition(" and place it in the ")
container = rest.rstrip(".") or "basket"
print(target, "->", container)

cam = get_observation()["agentview"]
found = {}
for name in (target, container):
    hits = segment_sam3_text_prompt(cam["images"]["rgb"], name)
    if not hits:
        raise RuntimeError(f"{name} is not visible")
    pts = mask_to_world_points(hits[0]["mask"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"])
    found[name] = (hits[0]["mask"], get_oriented_bounding_box_from_3d_points(pts), pts)

mask, box, pts = found[target]
pos = box["center"]
quat = np.array([0.0, 1.0, 0.0, 0.0])
open_gripper()
for h in [0.15, 0.05, 0.0]:
    move_to_joints(solve_ik(pos + np.array([0.0, 0.0, h]), quat))
close_gripper()
for h in [0.1, 0.22]:
    move_to_joints(solve_ik(pos + np.array([0.0, 0.0, h]), quat))
goal = found[container][1]["center"]
start = pos + np.array([0.0, 0.0, 0.22])
end = np.array([goal[0], goal[1], start[2]])
apex = 0.5 * (start + end) + np.array([0.0, 0.0, 0.05])
for p in (apex, end, end - np.array([0.0, 0.0, 0.1])):
    move_to_joints(solve_ik(p.tolist(), quat.tolist()))
open_gripper()
