# profile: native
# task: libero_goal/8
# kinds: 1
# outcome: prints
# > [255   0   1] uint8
# > [ 127 -128] int8
# > 44 uint8
# > int16 float16 uint32
# > [1.0, 0.5] float16
# > float32 float64 int32
import numpy as np

counts = np.array([254, 255, 0], dtype=np.uint8)
counts = counts + np.uint8(1)
print(counts, counts.dtype)
small = np.array([126, 127], dtype=np.int8) + np.array([1, 1], dtype=np.int8)
print(small, small.dtype)
total = np.add(np.array([200], np.uint8), np.array([100], np.uint8))
print(total[0], total.dtype)
print(np.zeros(2, dtype=np.int16).dtype, np.ones((2, 2), np.float16).dtype, np.arange(3, dtype=np.uint32).dtype)
half = np.array([1, 2], dtype=np.float16) ** -1
print(half.tolist(), half.dtype)
a, b = np.zeros(1, dtype="float32"), np.zeros(1, dtype=np.int32)
print((a * 2).dtype, (a + b).dtype, (b // 2).dtype)
