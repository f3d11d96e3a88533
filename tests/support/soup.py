"""A program that puts the alphabet soup into the basket, for tests that break it."""

from __future__ import annotations

WORKS = """\
thing = sample_grasp_pose("alphabet soup")
open_gripper()
goto_pose(thing.position, thing.quaternion_wxyz, z_approach=0.1)
close_gripper()
goto_pose(thing.position + [0.0, 0.0, 0.25], thing.quaternion_wxyz)
place = get_object_pose("basket").position
goto_pose(place + [0.0, 0.0, 0.15], thing.quaternion_wxyz)
open_gripper()
"""
