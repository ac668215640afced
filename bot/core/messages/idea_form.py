"""The form of an idea: to share one, and to edit one's own."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.core.messages.cards import most_used
from bot.core.messages.common import author_line, channel_name, listed, runs, words_of
from bot.core.model.actions import Act, Action
from bot.core.model.framework import Framework
from bot.core.model.ideas import POSTED_BY_US, Idea, Source
from bot.core.model.parts import (
    Button,
    Choice,
    ChoiceField,
    Field,
    Form,
    Message,
    Note,
    Paragraph,
    Part,
    PeopleField,
    Run,
    TextField,
    Words,
)
from bot.core.model.posts import NOTHING
from bot.core.model.vocabulary import WORKSPACE, command

ANYWAY: Final = "anyway"
"""Marks the form that has shown similar ideas: it is taken as it is."""
SUGGESTED: Final = "?"
"""The component is the one that the idea's words suggest."""
NONE: Final = "-"
"""The idea is about no component."""

_MOST_WORDS: Final = 2
"""Of an idea that speak for each part that it is about."""
_HINT: Final = "What you did, with whom, and how it went. A sentence is enough."


def share(
    channels: Sequence[tuple[str, str]],
    framework: Framework,
    *,
    here: str,
    values: Mapping[str, str] = NOTHING,
    alike: Sequence[Idea] = (),
) -> Form:
    """The form for an idea.

    Args:
        channels: (id, name) of the channels it may be posted in, one at least.
        here: the channel it was opened from; chosen already when it is one of them.
        values: what was entered so far.
        alike: similar ideas to look at before it is posted; then it is posted as it comes again.
    """
    choices = tuple(Choice(ident, f"#{name or ident}") for ident, name in channels[:100])
    known = {ident for ident, _ in channels}
    chosen = values.get("channel") or here
    fields: tuple[Field, ...] = (
        *_alike(alike),
        _text(values),
        ChoiceField(
            "channel",
            "Post it in",
            choices,
            value=chosen if chosen in known else channels[0][0],
            required=True,
        ),
        *_more(framework, values),
        Words("Commonplace posts it, with your name in the first line."),
    )
    about = Action(Act.SHARE, channel=here, text=ANYWAY if alike else "")
    return Form("Share an idea", "Post anyway" if alike else "Share", fields, about=about)


def edit(idea: Idea, framework: Framework, values: Mapping[str, str], *, here: str) -> Form:
    """The form for an idea of one's own; what a member posted is edited where it stands."""
    own: Field = _text({"text": idea.text})
    if idea.source is Source.IMPORT:
        own = Words("Its words stay as they were imported.")
    elif idea.source not in POSTED_BY_US:
        own = _where_to_edit(idea)
    fields = (own, *_more(framework, values))
    about = Action(Act.EDIT, number=idea.number, channel=here)
    return Form(f"Edit #{idea.number}", "Save", fields, about=about)


def edit_button(idea: Idea) -> Button:
    """Opens the form for an idea of one's own."""
    return Button("Edit", Action(Act.EDIT, number=idea.number))


def edited(idea: Idea, framework: Framework, *, chosen: bool) -> Message:
    """An idea is as its author wants it."""
    redrawn = " Its post follows in a moment." if idea.source in POSTED_BY_US else ""
    about = sorted_under(idea, framework, chosen=chosen)
    return Message.of(Paragraph(runs(f"#{idea.number} is saved.{redrawn} {about}")))


def sorted_under(idea: Idea, framework: Framework, *, chosen: bool) -> str:
    """What an idea is about, and why; *chosen*: its author said so."""
    parts = [found.name for code in idea.components if (found := framework.component(code))]
    change = f"`{command(f'edit {idea.number}')}`"
    if not parts:
        none = "It is under no part of the framework"
        if chosen:
            return f"{none}, as you chose."
        return f"{none}: its words point to none. {change} lets you choose one."
    under = f"It is under {listed(parts)}"
    if chosen:
        return f"{under}, as you chose."
    spoke = [words for one in framework.suggest(idea.text) for words in one.words[:_MOST_WORDS]]
    said = listed([f"“{words}”" for words in dict.fromkeys(spoke)])
    return f"{under}, because it says {said}. {change} changes that."


def _text(values: Mapping[str, str]) -> TextField:
    text = values.get("text", "")
    return TextField("text", "Your idea", hint=_HINT, value=text, lines=True, required=True)


def _more(framework: Framework, values: Mapping[str, str]) -> tuple[Field, ...]:
    """What an idea has beside its words."""
    return (
        ChoiceField(
            "component",
            "What is it about?",
            (
                Choice(SUGGESTED, "Suggested from your words"),
                *(Choice(one.code, one.name) for one in framework.components),
                Choice(NONE, "None of these"),
            ),
            value=values.get("component") or SUGGESTED,
            required=True,
        ),
        TextField(
            "tags",
            "Tags",
            hint="Beside any #words in the text. For example: mentoring book-tasting",
            value=values.get("tags", ""),
            limit=300,
        ),
        TextField(
            "link",
            "A link",
            hint="A lesson, slides, an article. Links in the text are kept as well.",
            value=values.get("link", ""),
            limit=1_000,
        ),
        PeopleField(
            "credit",
            "Who deserves credit?",
            hint="Colleagues here. Nobody is notified.",
            value=values.get("credit", ""),
        ),
        TextField(
            "thanks",
            f"And people outside this {WORKSPACE}",
            hint="A teacher, a public librarian, a colleague elsewhere. Put commas between names.",
            value=values.get("thanks", ""),
            limit=300,
        ),
    )


def _where_to_edit(idea: Idea) -> Paragraph:
    said = "Its words are those of your post. To change them, edit the post itself"
    if not idea.permalink:
        return Paragraph(runs(f"{said} in {channel_name(idea.channel_name)}."))
    return Paragraph((Run(f"{said}: "), Run("open it", url=idea.permalink)))


def _alike(ideas: Sequence[Idea]) -> tuple[Field, ...]:
    if not ideas:
        return ()
    first = f"`{command(f'show {ideas[0].number}')}`"
    head = (
        Run("Already said? ", bold=True),
        *runs(
            "Post yours if it adds something. If you tried one of these instead, "
            f"{first} has a button to say so."
        ),
    )
    return (Paragraph(head), *(Paragraph(similar(one)) for one in ideas))


def others_said(ideas: Sequence[Idea], asker: str) -> tuple[Part, ...]:
    """What was said before, beneath the answer to whoever shared an idea in a line.

    Args:
        asker: id of whoever sees it; nobody tries their own idea.
    """
    if not ideas:
        return ()
    shown = [Paragraph(similar(one), _tried(one, asker)) for one in ideas]
    return (
        Note(runs("Somebody said nearly the same before. If you tried theirs, say so:")),
        *shown,
    )


def _tried(idea: Idea, asker: str) -> Button | None:
    return next((one for one in most_used(idea, asker) if one.act is Act.TRIED), None)


def similar(idea: Idea) -> tuple[Run, ...]:
    """An idea in a line, beside one that says nearly the same."""
    link = (Run(" "), Run("Open it", url=idea.permalink)) if idea.permalink else ()
    who = Run(f"#{idea.number} {author_line(idea.author)}: ", bold=True)
    return (who, Run(words_of(idea, 160)), *link)
