"""Why a file is not read as a table."""


class BadSheet(Exception):
    """A file that is not read: a Chinese sentence that follows its name."""
