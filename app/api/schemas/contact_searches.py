"""Looking for appeals by the person behind them."""

from app.api.schemas.appeals import ITEM_EXAMPLE, AppealItem
from app.api.schemas.base import Input, Output, Word, example


class ContactSearch(Input):
    """What to look for; every word given must fit. Phones may be written with spaces, hyphens and +86."""

    model_config = example(contact_phone="139 0000 0000")

    contact_phone: Word | None = None
    contact_name: Word | None = None
    external_number: Word | None = None


class ContactSearchOut(Output):
    """The newest appeals found. `more`: there are others; look for less."""

    model_config = example(items=[ITEM_EXAMPLE], more=False)

    items: list[AppealItem]
    more: bool
