# Read the instruction word by word, without assuming much about its form.
import numpy as np

STOP_WORDS = {"the", "a", "an", "please", "up", "it", "and"}
VERBS = {"pick": "pick", "grab": "pick", "take": "pick", "place": "place", "put": "place", "open": "open"}


def tokenize(sentence: str) -> list:
    """Lower-case words without punctuation."""
    cleaned = "".join(ch if ch.isalnum() or ch.isspace() else " " for ch in sentence.lower())
    return [word for word in cleaned.split() if word not in STOP_WORDS]


def chunks(words: list) -> list:
    """Split a word list into (verb, rest) chunks."""
    out, verb, rest = [], None, []
    for word in words:
        if word in VERBS:
            if verb is not None:
                out.append((verb, " ".join(rest)))
            verb, rest = VERBS[word], []
        else:
            rest.append(word)
    if verb is not None:
        out.append((verb, " ".join(rest)))
    return out


def strip_prefix(text: str) -> str:
    for prefix in ("in ", "on ", "into ", "onto "):
        if text.startswith(prefix):
            return text[len(prefix) :]
    return text


sentence = task_language()
plan = chunks(tokenize(sentence))
print(repr(sentence), "->", plan)
held = None
for verb, argument in plan:
    argument = strip_prefix(argument) or "basket"
    if verb == "pick":
        result = sample_grasp_pose(argument)
        if not result:
            head = argument.split()[0]
            print(f"no {argument!r}; trying {head!r}")
            result = sample_grasp_pose(head)
        if not result:
            print("cannot pick:", result.status)
            break
        position, quat = result
        open_gripper()
        goto_pose(position, quat, z_approach=0.1)
        held = argument if close_gripper() else None
    elif verb == "place" and held:
        spot = get_object_pose(argument)
        if spot:
            goto_pose(spot.position + np.array([0.0, 0.0, 0.2]), [0.0, 1.0, 0.0, 0.0])
        open_gripper()
        print(f"placed {held} at {argument.title()} ({len(held)} letters, {held.count('e')} e)")
    else:
        print(f"skipping {verb} {argument!r}")
