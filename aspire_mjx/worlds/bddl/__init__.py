"""Task files of LIBERO and LIBERO-PRO."""
