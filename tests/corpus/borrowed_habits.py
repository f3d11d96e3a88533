# Habits of programs that were written for other environments: imports for nothing, types asked for, naps.
import json
import os
import time
from collections import defaultdict
from time import sleep
from typing import Dict, List, Optional, Tuple

import cv2
import numpy as np
import open3d as o3d
import viser.transforms as vtf
from scipy.spatial.transform import Rotation

try:
    import torch
except ImportError as error:
    print(error)


def size(value) -> Optional[int]:
    return len(value) if hasattr(value, "__len__") else None


def as_list(value: Tuple[float, ...]) -> List[float]:
    if type(value) == list:
        return value
    return value.tolist() if isinstance(value, np.ndarray) else list(value)


def main() -> None:
    pose = get_object_pose("milk")
    print(type(pose.status) is str, size(pose.message), size(3), hasattr(pose, "extent"), getattr(pose, "mass", None))
    time.sleep(0.2)
    sleep(seconds=0.1)
    try:
        target = np.asarray(pose.position, dtype=np.float32)
        mask = (target > 0.1).astype(np.uint8)
        print(mask.dtype, mask.sum(), int(mask.max()), target.dtype, as_list(mask))
        goto_pose(target + np.array([0, 0, 0.1], np.float32), Rotation.identity().as_quat())
    except Exception as e:
        print(f"{type(e).__name__}: {e}")
    width = get_gripper_width()
    print(type(width).__name__, isinstance(width, (int, np.floating)), type(width) in (float, np.float64))


if __name__ == "__main__":
    main()
