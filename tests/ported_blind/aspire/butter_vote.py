# profile: aspire
# task: libero_object/6
# kinds: 1, 3, 7
# outcome: passes
import numpy as np

PROMPTS = ["butter box", "butter", "yellow butter box"]

def one_look():
    cam = get_observation()["agentview"]
    d = cam["images"]["depth"].astype(np.float32)
    for p in PROMPTS:
        ms = segment_sam3_text_prompt(cam["images"]["rgb"], p)
        if not ms:
            continue
        m = sorted(ms, key=lambda r: -r["score"])[0]
        pts = mask_to_world_points(m["mask"].astype(np.int16), d, cam["intrinsics"], cam["pose_mat"])
        if len(pts) >= 8:
            box = get_oriented_bounding_box_from_3d_points(pts)
            return box["center"], p
    return None, None

votes, words = [], {}
for _ in range(7):
    c, w = one_look()
    if c is not None:
        votes.append(c)
        words[w] = words.get(w, 0) + 1
votes = np.stack(votes).astype(np.float32)
center = np.median(votes, axis=0)
spread = np.abs(votes - center).max(axis=0)
print("votes", len(votes), "prompt used most:", max(words, key=words.get))
print("agree within 2 cm:", bool((spread < 0.02).all()))

basket_votes = []
for _ in range(3):
    cam = get_observation()["agentview"]
    m = max(segment_sam3_text_prompt(cam["images"]["rgb"], "basket"), key=lambda r: r["score"])
    pts = mask_to_world_points(m["mask"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"])
    basket_votes.append(get_oriented_bounding_box_from_3d_points(pts)["center"])
basket = np.mean(np.asarray(basket_votes), axis=0)

Q = [0.0, 1.0, 0.0, 0.0]
target = center.astype(np.float64)
target[2] -= 0.005
open_gripper()
goto_pose(target, Q, z_approach=0.1)
close_gripper()
goto_pose(target + [0, 0, 0.25], Q)
goto_pose([basket[0], basket[1], 0.25], Q)
open_gripper()
