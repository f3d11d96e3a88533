# profile: capx_robosuite
# task: libero_90/9
# kinds: 5, 6
# outcome: prints
# > None
# > True
# > True
import numpy as np

goto_pose(np.array([0.45, 0.1, 0.25]), np.array([0.0, 0.0, 1.0, 0.0]))
print(breakpoint_code_block())
away = get_observation()["robot_cartesian_pos"][:3].copy()
home_pose()
home = get_observation()["robot_cartesian_pos"]
print(bool(np.linalg.norm(home[:3] - away) > 0.03))
goto_pose(np.array([0.45, 0.1, 0.25]), np.array([0.0, 0.0, 1.0, 0.0]))
print(bool(abs(get_observation()["robot_cartesian_pos"][2] - 0.357) < 0.03))
