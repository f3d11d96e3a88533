# profile: aspire
# task: libero_goal/1
# kinds: 1, 2, 4, 7
# outcome: passes
import numpy as np


class_names = ["bowl", "stove"]
prompts = {
    "bowl": ["small black ceramic bowl", "black bowl", "bowl"],
    "stove": ["stove burner", "flat grey stove", "stove"],
}

obs = get_observation()
agent = obs["agentview"]
image = agent["images"]["rgb"]
depth = agent["images"]["depth"]
depth = depth[:, :, 0] if len(depth.shape) == 3 else depth
intr, extr = agent["intrinsics"], agent["pose_mat"]

clouds, masks = {}, {}
for name in class_names:
    for prompt in prompts[name]:
        result = segment_sam3_text_prompt(image, prompt)
        if result:
            top = max(result, key=lambda r: r["score"])
            masks[name] = top["mask"]
            clouds[name] = mask_to_world_points(np.asarray(top["mask"], dtype=np.uint8), depth, intr, extr)
            print(name, "by", prompt, len(clouds[name]))
            break

for name in class_names:
    if name not in clouds or len(clouds[name]) < 10:
        raise RuntimeError(f"{name} missing")

burner = np.median(clouds["stove"], axis=0)
surface = np.percentile(clouds["stove"][:, 2], 70)
bowl_centre = get_oriented_bounding_box_from_3d_points(clouds["bowl"])["center"]

grasps, confidences = plan_grasp(depth, intr, masks["bowl"])
best, _ = select_top_down_grasp(grasps, confidences, extr)
if best is None:
    best = extr @ grasps[np.argmax(confidences)]
pos, quat = decompose_transform(best)
shift = pos - bowl_centre

open_gripper()
for point in (pos + [0, 0, 0.1], pos):
    move_to_joints(solve_ik(point, quat))
close_gripper()

height = max(pos[2], surface + 0.05) + 0.12
for point in (
    [pos[0], pos[1], height],
    [(pos[0] + burner[0] + shift[0]) / 2, (pos[1] + burner[1] + shift[1]) / 2, height],
    [burner[0] + shift[0], burner[1] + shift[1], height],
    [burner[0] + shift[0], burner[1] + shift[1], surface + 0.055],
):
    move_to_joints(solve_ik(np.array(point), quat))
open_gripper()
