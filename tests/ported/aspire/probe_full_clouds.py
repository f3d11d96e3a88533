# profile: aspire
# task: libero_spatial/2
# kinds: 2, 3
# outcome: prints
# > True (3,)
# > True
# > (2000, 3) True
# Both cameras' whole clouds, a table plane by a histogram of heights, boxes under ninety angles.
import numpy as np


def cloud(camera):
    pts = depth_to_point_cloud(camera["images"]["depth"], camera["intrinsics"]).reshape(-1, 3)
    return transform_points(pts[pts[:, 2] > 0], camera["pose_mat"])


obs = get_observation()
both = np.concatenate([cloud(obs["agentview"]), cloud(obs["robot0_eye_in_hand"])], axis=0)
near = both[(np.abs(both[:, 1]) < 0.5) & (both[:, 0] > 0.3) & (both[:, 0] < 0.9)]
print(len(both) > 20000, near[0].shape)

bins = np.floor((near[:, 2] + 0.5) / 0.01).astype(int)
heights, counts = np.unique(bins, return_counts=True)
table = heights[np.argmax(counts)] * 0.01 - 0.5
print(-0.03 < table < 0.01)

areas = []
for angle in np.radians(np.arange(90)):
    c, s = np.cos(angle), np.sin(angle)
    u, v = near[:, 0] * c + near[:, 1] * s, near[:, 1] * c - near[:, 0] * s
    areas.append((u.max() - u.min()) * (v.max() - v.min()))
thin = subsample_point_cloud(both, max_points=2000)
print(thin.shape, int(np.argmin(areas)) in range(90))
