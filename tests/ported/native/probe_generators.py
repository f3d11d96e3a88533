# profile: native
# task: libero_90/20
# kinds: 6
# outcome: prints
# > 6.0 3.0
# > 30 [0, 4, 16]
# > 2 None
# > True 0.9
import numpy as np

values = (float(v) for v in [1, 2, 3])
a, b, c = values
pairs = ((k, k * k) for k in range(3))
total = 0.0
for k, square in pairs:
    total += k
print(a + b + c, total)
even = (n for n in range(5) if n % 2 == 0)
squares = [n * n for n in even]
print(sum(n * n for n in range(5)), squares)
scores = (s for s in [0.1, 0.2, 0.9])
first = next((i for i, s in enumerate(scores) if s > 0.5), None)
again = next((i for i, s in enumerate(scores)), None)
print(first, again)
masks = [{"score": 0.4}, {"score": 0.9}]
print(any(m["score"] > 0.8 for m in masks), max(m["score"] for m in masks))
