"""Agents propose candidates, say why programs fail, and draft skills from repairs that helped."""
