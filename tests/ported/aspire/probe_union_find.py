# profile: aspire
# task: libero_object/1
# kinds: 1, 3
# outcome: prints
# > True True
# Connected components by two passes with a table of equal labels.
import numpy as np


def components(mask):
    parent = [0]
    labels = np.zeros(mask.shape, dtype=np.int32)

    def root(i):
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for y, x in np.argwhere(mask):
        up = labels[y - 1, x] if y > 0 else 0
        left = labels[y, x - 1] if x > 0 else 0
        if up == 0 and left == 0:
            parent.append(len(parent))
            labels[y, x] = len(parent) - 1
        else:
            labels[y, x] = max(up, left)
            if up and left and root(int(up)) != root(int(left)):
                parent[root(int(up))] = root(int(left))
    sizes = {}
    for y, x in np.argwhere(mask):
        r = root(int(labels[y, x]))
        sizes[r] = sizes.get(r, 0) + 1
    return sizes


rgb = get_observation()["agentview"]["images"]["rgb"]
basket = segment_sam3_text_prompt(rgb, "basket")[0]["mask"]
sizes = components(basket.astype(np.uint8))
print(sum(sizes.values()) == int(basket.sum()), max(sizes.values()) > 0.8 * basket.sum())
