"""What whoever asked is shown: a message or a form, as a card, an activity or a dialog."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.model.parts import Form, Message
from handlers.shapes import Payload
from handlers.teams import cards, forms


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An answer of the desk's that shows something.

    Args:
        problems: what is wrong with the form, by field.
        beside: what was pressed stays as it is.
        channel: see `Answer` of the desk.
        failed: nothing was done; the words say why.
        dialogs: whether a button may open a dialog.
    """

    what: Message | Form
    problems: Mapping[str, str] = field(default_factory=dict)
    beside: bool = False
    channel: str = ""
    failed: bool = False
    dialogs: bool = True

    @property
    def words(self) -> str:
        """What it says to those who see no card."""
        return self.what.title if isinstance(self.what, Form) else self.what.fallback

    def card(self) -> Payload:
        """As a card: a form, too, where no dialog can be opened."""
        if isinstance(self.what, Form):
            return forms.to_card(self.what, self.problems)
        return cards.to_card(self.what, dialogs=self.dialogs)

    def activity(self) -> Payload:
        """As a message."""
        return cards.posted(self.card(), self.words)

    def plain(self) -> Payload:
        """As a message without a card."""
        return cards.plain(Message(self.words))

    def dialog(self) -> Payload:
        """As a dialog."""
        if isinstance(self.what, Form):
            return forms.to_dialog(self.what, self.problems)
        return forms.told(self.what)
