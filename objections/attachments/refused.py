from __future__ import annotations


class FileRefused(Exception):
    """Why a file was not taken, in words for whoever sent it."""
