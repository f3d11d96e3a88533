"""Things in images by words or by pixel, as lists and dicts."""


def listed_detections(found, label):
    """Detections as a list of {"mask", "box", "score", "label"}, the best first."""
    labels, boxes, scores = found.labels, found.boxes, found.scores
    return [
        {"mask": labels == i + 1, "box": boxes[i].tolist(), "score": float(scores[i]), "label": label}
        for i in range(int(found.count))
    ]


def segment_text_prompt(rgb, text_prompt):
    """Everything in an image that fits the words: a list of {"mask" (H, W) bool, "box", "score", "label"}."""
    return listed_detections(detect_in_image(rgb, text_prompt), text_prompt)


def segment_sam3_text_prompt(rgb, text_prompt):
    """The same as segment_text_prompt."""
    return listed_detections(detect_in_image(rgb, text_prompt), text_prompt)


def segment_point_prompt(rgb, point_coords):
    """The thing at pixel (u, v) of an image: a list as of segment_text_prompt, empty where nothing is."""
    return listed_detections(detect_at_pixel(rgb, point_coords), "")


def segment_sam3_point_prompt(rgb, point_coords):
    """The same as segment_point_prompt."""
    return listed_detections(detect_at_pixel(rgb, point_coords), "")


def pointed_pixel(found, label):
    """{label: (u, v)} of the best detection, (None, None) where there is none."""
    if found.count < 1:
        return {label: (None, None)}
    u, v = found.pixel
    return {label: (int(u), int(v))}


def point_prompt(image, text_prompt):
    """A pixel of what fits the words best: {text_prompt: (u, v)}, (None, None) where nothing does."""
    return pointed_pixel(detect_in_image(image, text_prompt), text_prompt)


def point_prompt_molmo(image, text_prompt):
    """The same as point_prompt."""
    return pointed_pixel(detect_in_image(image, text_prompt), text_prompt)
