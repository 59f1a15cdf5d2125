"""Holiday notices as data that somebody publishes: read, checked, merged into what is in force."""

from app.domain.notice_checks import check_publication
from app.domain.notice_data import breaks_data, breaks_of, publication_data, publication_of
from app.domain.notice_merge import apply_publication, compose
from app.domain.notice_reading import read_publication
from app.domain.publication import COUNTRY, Publication

__all__ = [
    "COUNTRY",
    "Publication",
    "apply_publication",
    "breaks_data",
    "breaks_of",
    "check_publication",
    "compose",
    "publication_data",
    "publication_of",
    "read_publication",
]
