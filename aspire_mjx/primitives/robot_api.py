"""The primitives of a one-arm robot, under the names CaP-X and ASPIRE programs use (FACTS: capgym/cap-x)."""

from __future__ import annotations

from aspire_mjx.primitives.registry import Family, Field, Parameter, Primitive, Registry

_POSITION = Parameter("position", (3,), "target of the point between the fingertips, robot base frame, m")
_QUATERNION = Parameter("quaternion_wxyz", (4,), "orientation of the hand, base frame, unit quaternion wxyz", unit=True)
_EXTENT = Parameter("return_bbox_extent", (), "also return the extent", default=False, required=False, adds="extent")
_NAME = Parameter("name", None, "what to look for, in words, e.g. 'alphabet soup' or 'top drawer handle'")
_DIRECTION = Parameter("direction", (3,), "which way, base frame, any length but 0")
_JOINTS = Field("joints", (7,), "rad", "joint angles")
_REACHED = (
    Field("position_error", (), "m", "distance from the reached to the asked fingertip point (or 0 for joint targets)"),
    Field("rotation_error", (), "rad", "angle between the reached and the asked orientation"),
)
_BLOCKED = (
    Field("blocked_at", (3,), "m", "centre of what was seen in the way of a refused motion, base frame; else NaN"),
    Field("blocked_size", (3,), "m", "its size along the base's axes, as far as it was seen; else NaN"),
)
_TOUCH = (
    Field("peak_force", (), "N", "largest contact force on the hand and fingers during the call"),
    Field("width", (), "m", "distance between the fingertips at the end of the call"),
    Field("peak_torque", (), "N m", "largest torque of an arm joint during the call"),
    Field("slip", (), "m", "how far the closed fingers gave way during the call; 0 when they were open"),
    Field("seconds", (), "s", "simulated time that the call took"),
    Field(
        "contact_link",
        (),
        "text",
        "part of the hand that touched something first; '' when none did, and what the "
        "fingers held from the start does not count",
    ),
    Field(
        "contact_object",
        (),
        "text",
        "what it touched: the words of the look that saw something there, 'support' for the floor or table, else "
        "'something'; '' when nothing was touched",
    ),
)
_RGB = Parameter("rgb", (-1, -1, 3), "an rgb image of get_observation(), as it came", bulk=True)
_DETECTIONS = (
    Field("count", (), "1", "number of detections, at most 5"),
    Field("score", (), "1", "confidence of the best one, 0 to 1"),
    Field("pixel", (2,), "px", "column and row of a pixel in the middle of the best one"),
    Field("box", (4,), "px", "first column, first row, last column and last row of the best one"),
    Field("masks", (-1, -1, -1), "1", "masks [5, H, W] bool, the best first", bulk=True),
    Field("boxes", (-1, 4), "px", "their boxes", bulk=True),
    Field("scores", (-1,), "1", "their confidences", bulk=True),
)


def _image_fields(camera: str) -> tuple[Field, ...]:
    return (
        Field(f"{camera}_rgb", (-1, -1, 3), "1", "colour, uint8 [H, W, 3]", bulk=True),
        Field(f"{camera}_depth", (-1, -1), "m", "depth along the optical axis, float32 [H, W]; 0 no return", bulk=True),
        Field(f"{camera}_intrinsics", (3, 3), "px", "from camera-frame points to pixels times depth", bulk=True),
        Field(f"{camera}_pose_mat", (4, 4), "m", "base_from_camera: x right, y down, z forward", bulk=True),
    )


ROBOT_API = Registry(
    (
        Primitive(
            "get_object_pose",
            Family.SENSE,
            (_NAME, _EXTENT),
            (
                Field("position", (3,), "m", "centre of the box around the object's visible points, base frame"),
                Field("quaternion_wxyz", (4,), "1", "orientation of that box; x is its longer horizontal side"),
                Field("extent", (3,), "m", "side lengths of that box"),
                Field("score", (), "1", "confidence of the detector, 0 to 1"),
            ),
            ("position", "quaternion_wxyz"),
            "Find an object by name in the camera image and fit an upright box to its masked depth points. "
            "NOT_FOUND when no detection matches; unpacking such a result raises PerceptionError.",
        ),
        Primitive(
            "sample_grasp_pose",
            Family.SENSE,
            (_NAME,),
            (
                Field("position", (3,), "m", "fingertip point of a top-down grasp, base frame"),
                Field("quaternion_wxyz", (4,), "1", "hand orientation, fingers closing across the narrower side"),
                Field("width", (), "m", "width of the object between the fingers as seen"),
                Field("score", (), "1", "confidence of the detector, 0 to 1"),
            ),
            ("position", "quaternion_wxyz"),
            "Find an object by name and return a top-down grasp from its masked depth points.",
        ),
        Primitive(
            "camera_images",
            Family.SENSE,
            (),
            (
                *(field for camera in ("agentview", "wrist") for field in _image_fields(camera)),
                _JOINTS,
                Field("position", (3,), "m", "the point between the fingertips, base frame"),
                Field("quaternion_wxyz", (4,), "1", "orientation of the hand, base frame"),
            ),
            (),
            "An image with each camera: agentview beside the workspace, wrist on the hand. get_observation() gives the "
            "same as nested dicts.",
        ),
        Primitive(
            "detect_in_image",
            Family.SENSE,
            (_RGB, Parameter("text", None, "what to look for, in words, e.g. 'black bowl'")),
            _DETECTIONS,
            (),
            "Everything in an image that fits the words. NOT_FOUND when nothing does, or when the image is none that "
            "the robot's own cameras took in this episode. segment_text_prompt gives the same as a list.",
        ),
        Primitive(
            "detect_at_pixel",
            Family.SENSE,
            (_RGB, Parameter("pixel", (2,), "column and row, from the upper left corner")),
            _DETECTIONS,
            (),
            "The thing at a pixel of an image. Statuses as those of detect_in_image; segment_point_prompt gives the "
            "same as a list.",
        ),
        Primitive(
            "solve_ik",
            Family.PLAN,
            (_POSITION, _QUATERNION),
            (
                _JOINTS,
                *_REACHED,
                Field("joint_margin", (), "rad", "least distance of a joint to its limits"),
            ),
            ("joints",),
            "Joint angles that put the fingertip point at a pose, clear of the robot itself and the surface where such "
            "exist. IK_INFEASIBLE (never a clamped or replaced target) when the pose is out of reach; the residual "
            "errors are reported.",
        ),
        Primitive(
            "move_to_joints",
            Family.MOVE,
            (Parameter("joints", (7,), "target joint angles, rad"),),
            (*_REACHED, *_TOUCH, *_BLOCKED),
            (),
            "Move to joint angles along a time-parameterised straight line in joint space, or around what earlier "
            "looks have seen in the way. Refused as goto_pose is.",
        ),
        Primitive(
            "goto_pose",
            Family.MOVE,
            (
                _POSITION,
                _QUATERNION,
                Parameter("z_approach", (), "first go this far above the target, m", default=0.0, required=False),
            ),
            (*_REACHED, *_TOUCH, *_BLOCKED),
            (),
            "Move the fingertip point to a pose, optionally from straight above, and around what earlier looks have "
            "seen in the way (what is between the fingers at the start and at the target does not count). Before "
            "moving: IK_INFEASIBLE when the pose is out of reach; IN_COLLISION when the arm would touch itself or the "
            "surface; GOAL_IN_COLLISION when it would touch something seen beside the target; PLANNING_ERROR when no "
            "free path was found; START_IN_COLLISION when the arm stands in something as last seen (look again). "
            "BLOCKED when a contact stopped the arm short of the target.",
        ),
        Primitive(
            "goto_home_joint_position",
            Family.MOVE,
            (),
            (*_REACHED, *_TOUCH, *_BLOCKED),
            (),
            "Move to the home joint angles, out of the camera's view of the workspace.",
        ),
        Primitive(
            "home_pose",
            Family.MOVE,
            (),
            (*_REACHED, *_TOUCH, *_BLOCKED),
            (),
            "The same as goto_home_joint_position.",
        ),
        Primitive(
            "move_until_contact",
            Family.MOVE,
            (
                _DIRECTION,
                Parameter("distance", (), "how far at most, m"),
                Parameter("force", (), "contact force that ends the motion, N", default=5.0, required=False),
            ),
            (Field("distance", (), "m", "how far the fingertip point went"), *_TOUCH),
            (),
            "Move the hand slowly along a straight line, as it is turned, until something pushes back. NO_CONTACT when "
            "nothing did over the whole distance; IK_INFEASIBLE before moving when the line leaves the arm's reach.",
        ),
        Primitive(
            "push",
            Family.MOVE,
            (_DIRECTION, Parameter("distance", (), "how far, m")),
            (*_REACHED, *_TOUCH),
            (),
            "Move the hand along a straight line, as it is turned, whatever is in the way. BLOCKED when it stops "
            "short.",
        ),
        Primitive(
            "pull",
            Family.MOVE,
            (_DIRECTION, Parameter("distance", (), "how far, m")),
            (*_REACHED, *_TOUCH),
            (),
            "Move what the hand holds, such as a drawer's handle, along a straight line. EMPTY_GRASP before moving "
            "when the hand holds nothing; SLIPPED when the grip changed on the way; BLOCKED when it stops short.",
        ),
        Primitive(
            "pull_arc",
            Family.MOVE,
            (
                Parameter("pivot", (3,), "a point of the hinge's axis, base frame, m"),
                Parameter("axis", (3,), "the hinge's axis, base frame, any length but 0"),
                Parameter("angle", (), "how far to turn about it, rad, right-handed"),
            ),
            (*_REACHED, *_TOUCH),
            (),
            "Swing what the hand holds, such as a door's handle, about a hinge; the hand turns with it. Statuses as "
            "those of pull.",
        ),
        Primitive(
            "open_gripper",
            Family.GRIP,
            (),
            _TOUCH,
            (),
            "Open the fingers fully.",
        ),
        Primitive(
            "close_gripper",
            Family.GRIP,
            (),
            _TOUCH,
            (),
            "Close the fingers until they stall. EMPTY_GRASP when nothing was between them.",
        ),
        Primitive(
            "get_gripper_width",
            Family.QUERY,
            (),
            (Field("width", (), "m", "distance between the fingertips"),),
            ("width",),
            "Distance between the fingertips: about 0.08 open, 0.00 closed on nothing.",
        ),
        Primitive(
            "is_holding",
            Family.QUERY,
            (),
            (Field("holding", (), "1", "1.0 when the fingers were told to close and something keeps them apart"),),
            ("holding",),
            "Whether something is in the hand, as far as the gripper can tell: 1.0 or 0.0.",
        ),
        Primitive(
            "get_joint_positions",
            Family.QUERY,
            (),
            (_JOINTS,),
            ("joints",),
            "The arm's joint angles, rad.",
        ),
        Primitive(
            "get_eef_pose",
            Family.PLAN,
            (),
            (
                Field("position", (3,), "m", "the point between the fingertips, base frame"),
                Field("quaternion_wxyz", (4,), "1", "orientation of the hand, base frame"),
            ),
            ("position", "quaternion_wxyz"),
            "Where the hand is, from the joint angles.",
        ),
        Primitive(
            "wait",
            Family.WAIT,
            (Parameter("seconds", (), "how long to hold still, s"),),
            _TOUCH,
            (),
            "Hold still for a time.",
        ),
        Primitive(
            "steps_left",
            Family.QUERY,
            (),
            (Field("steps", (), "1", "control steps left in the episode"),),
            ("steps",),
            "Control steps left before the episode ends.",
        ),
        Primitive(
            "task_language",
            Family.QUERY,
            (),
            (Field("language", (), "text", "the instruction"),),
            ("language",),
            "The task in words, e.g. 'Pick the alphabet soup and place it in the basket'.",
        ),
    )
)
