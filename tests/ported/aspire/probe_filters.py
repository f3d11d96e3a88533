# profile: aspire
# task: libero_object/7
# kinds: 2, 6
# outcome: prints
# > (400, 3) None
# > (400, 3) (400, 3)
# > (100, 3) (420, 3)
# > True
# > [0.05, 0.09, 0.13]
# A made-up cloud of 20 by 20 points 1 mm apart and 20 strays, each alone: density keeps the sheet and drops the strays.
import numpy as np

x, y = np.meshgrid(np.arange(20) * 0.001, np.arange(20) * 0.001)
sheet = np.stack([x.ravel(), y.ravel(), np.zeros(400)], axis=1)
strays = np.stack([np.linspace(1.0, 3.0, 20), np.zeros(20), np.linspace(0.0, 1.0, 20)], axis=1)
points = np.concatenate([sheet, strays])
kept, colors = filter_noise(points)
print(kept.shape, colors)
kept, colors = filter_noise(points, colors=np.tile(np.arange(420)[:, None], (1, 3)))
print(kept.shape, colors.shape)
print(subsample_point_cloud(points, max_points=100).shape, subsample_point_cloud(points).shape)

# A box full of points with one point half a metre away, which the box leaves out.
grid = np.stack(np.meshgrid(np.linspace(0, 0.05, 12), np.linspace(0, 0.09, 12), np.linspace(0, 0.13, 12)), axis=-1)
cloud = np.concatenate([grid.reshape(-1, 3), [[0.5, 0.5, 0.5]]])
box = get_oriented_bounding_box_from_3d_points(cloud)
print(bool(np.allclose(box["center"], [0.025, 0.045, 0.065], atol=0.005)))
print([round(float(e), 2) for e in sorted(box["extent"])])
