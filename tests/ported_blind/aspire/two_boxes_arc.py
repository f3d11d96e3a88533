# profile: aspire
# task: libero_10/1
# kinds: 3, 4
# outcome: passes
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])

def capture():
    cam = get_observation()["agentview"]
    return cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]

def localize(prompts, view):
    rgb, depth, K, E = view
    hits = []
    for prompt in prompts:
        for m in segment_sam3_text_prompt(rgb, prompt)[:3]:
            pts = mask_to_world_points(m["mask"].astype(np.uint8), depth, K, E)
            if len(pts) >= 8:
                hits.append((m["score"], prompt, pts))
        if hits:
            break
    return max(hits, key=lambda h: h[0])[2] if hits else None

def go(p):
    j = solve_ik(p.tolist(), DOWN.tolist())
    if j is not None:
        move_to_joints(j)

def deliver(prompts, where, rim, slot):
    pts = localize(prompts, capture())
    if pts is None:
        print("skip", prompts[0])
        return False
    c = get_oriented_bounding_box_from_3d_points(pts)["center"]
    grasp = np.array([c[0], c[1], np.percentile(pts[:, 2], 90) - 0.014])
    open_gripper()
    go(grasp + np.array([0, 0, 0.1]))
    go(grasp)
    close_gripper()
    lift = grasp + np.array([0, 0, rim - grasp[2] + 0.1])
    go(lift)
    end = np.array([where[0] + slot, where[1], lift[2]])
    apex = (lift + end) / 2
    apex[2] += 0.05
    go(apex)
    go(end)
    go(end - np.array([0, 0, 0.06]))
    open_gripper()
    go(end + np.array([0, 0, 0.05]))
    goto_home_joint_position()
    return True

basket = localize(["basket", "woven basket"], capture())
where = (np.percentile(basket, 4, axis=0) + np.percentile(basket, 96, axis=0)) / 2
rim = float(np.percentile(basket[:, 2], 97))
ok = [deliver(p, where, rim, s) for p, s in ((["cream cheese box", "cream cheese"], -0.02), (["butter", "butter box"], 0.02))]
print("delivered", sum(ok), "of", len(ok))
