"""From the template's touch sensors to forces, places and the object that was touched."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aspire_mjx.geometry import Array
from aspire_mjx.worlds.template import CONTACT_GEOMS, Template


@dataclass(frozen=True)
class ContactSensors:
    """Addresses of the template's sensors in MuJoCo's ``sensordata``: 4 contact sensors, then 7 joint torques."""

    contact: np.ndarray  #: [4, 7] found, force (contact frame), position
    torque: np.ndarray  #: [7]

    @classmethod
    def of(cls, template: Template) -> ContactSensors:
        """Reads the addresses from the template."""
        address = template.model.sensor_adr
        contact = address[: len(CONTACT_GEOMS), None] + np.arange(7)
        return cls(contact, address[len(CONTACT_GEOMS) :])

    def split(self, sensordata):
        """Force ``[..., 4]`` N, position ``[..., 4, 3]`` m and joint torque ``[..., 7]`` N m, numpy or jax."""
        contact = sensordata[..., self.contact]
        force = (contact[..., 1:4] ** 2).sum(-1) ** 0.5
        return force * (contact[..., 0] > 0), contact[..., 4:7], sensordata[..., self.torque]


def nearest_slot(template: Template, leaves, geoms: tuple[Array, Array], point: Array) -> Array:
    """Which slot's box lies nearest to a contact point, ``[...]``; -1 when the surface is nearer. Numpy or jax.

    Args:
      template: of the worlds.
      leaves: ``geom_size`` and ``geom_pos`` of the worlds in question, ``[..., G, 3]`` m.
      geoms: positions ``[..., G, 3]`` m and rotations ``[..., G, 3, 3]`` of the geoms at the time of contact.
      point: ``[..., 3]`` m, world frame.
    """
    xp = point.__array_namespace__()
    boxes = np.flatnonzero(template.geom_slot >= 0)
    position, rotation = geoms
    offset = point[..., None, :] - position[..., boxes, :]
    local = xp.einsum("...gji,...gj->...gi", rotation[..., boxes, :, :], offset)
    outside = xp.maximum(xp.abs(local) - leaves["geom_size"][..., boxes, :], 0.0)
    distance = xp.linalg.norm(outside, axis=-1)
    slot = xp.asarray(template.geom_slot[boxes])[distance.argmin(axis=-1)]
    surface_is_nearer = point[..., 2] - template.surface_height(leaves) < distance.min(axis=-1)
    return xp.where(surface_is_nearer, -1, slot)
