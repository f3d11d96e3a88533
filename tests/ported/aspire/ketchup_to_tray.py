# profile: aspire
# task: libero_90/58
# kinds: 2, 4, 5
# outcome: passes
import numpy as np

DOWN = [0.0, 1.0, 0.0, 0.0]


def view():
    o = get_observation()
    return o, o["agentview"]


def where_is(what):
    _, c = view()
    hits = segment_sam3_text_prompt(c["images"]["rgb"], what)
    assert len(hits) > 0, f"cannot see the {what}"
    pts = mask_to_world_points(hits[0]["mask"], c["images"]["depth"], c["intrinsics"], c["pose_mat"])
    return get_oriented_bounding_box_from_3d_points(pts)


tray = where_is("tray")
grabbed = False
for attempt in range(3):
    bottle = where_is("ketchup bottle")
    grip = bottle["center"] + np.array([0.0, 0.0, 0.01 * attempt])
    open_gripper()
    goto_pose(grip, DOWN, z_approach=0.12)
    close_gripper()
    goto_pose(grip + np.array([0, 0, 0.20]), DOWN)
    obs, _ = view()
    if obs["robot_joint_pos"][-1] > 0.1:
        grabbed = True
        break
    print("missed, fingers at", obs["robot_joint_pos"][-1])
    goto_home_joint_position()
if not grabbed:
    raise RuntimeError("no grip on the bottle")

c = tray["center"]
over = np.array([c[0], c[1], grip[2] + 0.20])
goto_pose(over, DOWN)
# The servo follows straight down into the tray.
for z in np.linspace(over[2], grip[2] + 0.04, 4)[1:]:
    goto_pose(np.array([c[0], c[1], z]), DOWN)
open_gripper()
