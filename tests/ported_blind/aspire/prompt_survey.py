# profile: aspire
# task: libero_object/0
# kinds: 3, 7
# outcome: prints
# > alphabet soup 4 of 4 same place: True
# > basket 5 of 5 same place: True
# > milk 4 of 4 same place: True
# > butter 3 of 3 same place: True
# > cream cheese 3 of 3 same place: True
# > tomato sauce 3 of 3 same place: True
# > salad dressing 3 of 3 same place: True
# > misses: []
import numpy as np

# Which words find which things? Every line below names something that stands on the table.
PROMPTS = {
    "alphabet soup": ["alphabet soup can", "metal soup can", "blue soup can", "round can of alphabet soup"],
    "basket": ["woven basket", "brown wicker basket", "open basket", "rectangular basket", "storage basket"],
    "milk": ["milk carton", "tall milk carton", "carton of milk", "white milk box"],
    "butter": ["butter box", "small butter box", "box of butter"],
    "cream cheese": ["cream cheese box", "flat cream cheese box", "philadelphia cream cheese"],
    "tomato sauce": ["tomato sauce can", "red can", "can of tomato sauce"],
    "salad dressing": ["salad dressing bottle", "bottle of salad dressing", "plastic dressing bottle"],
}
cam = get_observation()["agentview"]
rgb, depth, K, E = cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]
best_xy = {}
misses = []
for thing, words in PROMPTS.items():
    centres = []
    for w in words:
        found = segment_sam3_text_prompt(rgb, w)
        if not found:
            misses.append(w)
            continue
        top = max(found, key=lambda d: d["score"])
        pts = mask_to_world_points(top["mask"].astype(np.uint8), depth, K, E)
        if len(pts):
            centres.append(np.median(pts[:, :2], axis=0))
    best_xy[thing] = np.median(np.array(centres), axis=0) if centres else None
    spread = max(np.linalg.norm(c - best_xy[thing]) for c in centres) if centres else float("nan")
    print(thing, len(centres), "of", len(words), "same place:", bool(spread < 0.05))
print("misses:", misses)
