# profile: aspire
# task: libero_object/0
# kinds: 7
# outcome: prints
# > woven basket: True
# > rectangular brown basket: True
# > shiny alphabet soup tin: True
# > tall white milk carton: True
# > plastic salad dressing bottle: True
# > spaceship: nothing
import numpy as np

rgb = get_observation()["agentview"]["images"]["rgb"]


def middle(prompt):
    found = segment_sam3_text_prompt(rgb, prompt)
    if not found:
        return None
    ys, xs = np.where(max(found, key=lambda f: f["score"])["mask"])
    return np.array([xs.mean(), ys.mean()])


PLAIN = {
    "woven basket": "basket",
    "rectangular brown basket": "basket",
    "shiny alphabet soup tin": "alphabet soup",
    "tall white milk carton": "milk",
    "plastic salad dressing bottle": "salad dressing",
    "spaceship": "spaceship",
}
for prompt, plain in PLAIN.items():
    seen, meant = middle(prompt), middle(plain)
    if seen is None:
        print(f"{prompt}: nothing")
    else:
        print(f"{prompt}: {meant is not None and bool(np.linalg.norm(seen - meant) < 0.03 * rgb.shape[1])}")
