"""Run a robot program in thousands of perturbed worlds at once, and learn which call failed, why, and what fixed it."""

from aspire_mjx.jax_setup import ask_for_repeatable_reductions

ask_for_repeatable_reductions()
