"""The commands: every word that may be typed as one, what follows it, and how the help puts it.

The parser, the help and the page of commands all read this table. It holds data alone.
"""

from typing import Final

from bot.core.desk.entries import Entry, Takes, Verb
from bot.core.messages.common import listed
from bot.core.messages.help import HelpRow
from bot.core.model.exports import CITED, PAGE, PLAN, Format
from bot.core.model.vocabulary import ADMINS, DIRECT, SHARE, command

_TAUGHT: Final = "What do your student helpers teach the others?"


def _which_proposal(word: str) -> str:
    return (
        f"Which question? Write its number, for example `{command(f'prompt {word} 3')}`. "
        f"`{command('prompt list')}` shows those that were proposed."
    )


TABLE: Final = (
    Entry(
        usage="help [WORD]",
        words="Shows what you can do; with a word, what that command, filter or part is.",
        examples=("help", "help search"),
        takes=Takes.TOPIC,
        also=("?", "commands"),
    ),
    Entry(
        usage="list [filters]",
        words="Shows the newest ideas.",
        examples=("list", "list #mentoring since:2026-09-01"),
        takes=Takes.FILTERS,
        also=("all", "latest", "recent"),
    ),
    Entry(
        usage="search WORDS [filters]",
        words="Finds ideas by their words, best first.",
        examples=("search reading garden", 'search "book tasting" component:LIT'),
        takes=Takes.SEARCH,
        also=("find",),
        wrong=(
            "What should I look for? Write a few words, for example "
            f"`{command('search reading garden')}`."
        ),
    ),
    Entry(
        usage="show N",
        words=f"Shows idea number N in full, with who tried it. So does {command('12')}.",
        examples=("show 12",),
        takes=Takes.IDEA,
        also=("open", "view", "idea"),
    ),
    Entry(
        usage="mine [filters]",
        words="Shows your own ideas.",
        takes=Takes.FILTERS,
    ),
    Entry(
        usage="home",
        words="Opens your desk: your ideas, what is new, the search, your profile, and more.",
        also=("desk", "start"),
    ),
    Entry(
        usage="random [filters]",
        words="Shows an idea picked at random.",
        examples=("random", "random component:SPACE"),
        takes=Takes.FILTERS,
    ),
    Entry(
        usage="like N",
        words="Shows other ideas like idea number N.",
        examples=("like 12",),
        takes=Takes.IDEA,
        also=("similar", "alike"),
    ),
    Entry(
        usage="tried N",
        words="Tells the author of idea number N that you tried it, and how it went.",
        examples=("tried 12",),
        takes=Takes.IDEA,
        also=("try",),
    ),
    Entry(
        usage="cite [FORMAT] N",
        words=(
            "Cites idea number N as APA, MLA and Chicago do; with ris or bib first, sends it to "
            "you as a file for a reference manager."
        ),
        examples=("cite bib 12", "cite 12"),
        takes=Takes.IDEA,
        formats=("", *CITED),
    ),
    Entry(
        usage="export [FORMAT] [filters]",
        words=(
            f"Sends you a file, in {DIRECT}: csv for your spreadsheet, or with that word first "
            f"{listed(list(Format)[1:], 'or')}."
        ),
        examples=(
            "export",
            "export xlsx component:PART",
            "export since:2026-09-01 until:2026-12-31",
        ),
        takes=Takes.FILE,
        formats=tuple(Format),
        also=("csv", "download"),
    ),
    Entry(
        usage="report [FORMAT] [filters]",
        words=(
            f"Sends you one page for an administrator, in {DIRECT}: html, or with that word first "
            "md or pdf. It stands on one sheet of paper. For coordinators."
        ),
        examples=("report", "report pdf", "report since:2026-08-15"),
        takes=Takes.FILE,
        formats=PAGE,
    ),
    Entry(
        usage="report plan [FORMAT] [filters]",
        words=(
            "Sends you the library plan, by parts of the framework: html for Word, md or csv. "
            "For coordinators."
        ),
        examples=("report plan", "report plan csv since:2026-08-15"),
        takes=Takes.FILE,
        formats=PLAN,
    ),
    Entry(
        usage="edit N",
        words="Opens the form with idea number N, if it is yours.",
        examples=("edit 12",),
        takes=Takes.IDEA,
        also=("change",),
    ),
    Entry(
        usage="remove N",
        words=f"Takes back idea number N, if it is yours; {ADMINS} can take back any.",
        examples=("remove 12",),
        takes=Takes.IDEA,
        also=("delete", "withdraw"),
    ),
    Entry(
        usage="put-back N",
        words="Keeps idea number N again that you took back, as its post reads now.",
        examples=("put-back 12",),
        takes=Takes.IDEA,
        also=("restore", "putback"),
    ),
    Entry(
        usage="claim N",
        words="Asks a coordinator to put your name to idea number N, if it was imported without.",
        examples=("claim 12",),
        takes=Takes.IDEA,
    ),
    Entry(
        usage="care [N]",
        words="Goes through the week of your channels: what is in doubt, a line and a pick, the "
        "next questions; with a number, hides, merges or moves that idea. For coordinators.",
        examples=("care 12", "care"),
        takes=Takes.IDEA,
    ),
    Entry(
        usage="save N",
        words="Puts idea number N on your own list; unsave N takes it off. Only you see it.",
        examples=("save 12",),
        takes=Takes.IDEA,
    ),
    Entry(
        usage="unsave N",
        words="Takes idea number N off your own list.",
        examples=("unsave 12",),
        takes=Takes.IDEA,
    ),
    Entry(
        usage="saved [filters]",
        words="Shows the ideas that you saved, the latest first.",
        examples=("saved", "saved #mentoring"),
        takes=Takes.FILTERS,
    ),
    Entry(
        usage="me",
        words="Sets your school, district and role, what I may keep of your posts, and what people "
        "outside may see of you.",
        also=("profile",),
    ),
    Entry(
        usage="digest",
        words=(
            "Shows you the next weekly digest before it goes out; "
            f"{command('help digest')} shows how to change it."
        ),
        wrong=f"`{command('digest')}` takes nothing after it but one of these words: ",
    ),
    Entry(
        usage="digest skip",
        words="Skips the next digest; what came in waits for the one after. For coordinators.",
    ),
    Entry(
        usage="digest unskip",
        words="Posts the next digest after all. For coordinators.",
    ),
    Entry(
        usage="digest leave-out N",
        words="Leaves idea number N out of every digest; it is still kept. For coordinators.",
        examples=("digest leave-out 12",),
        takes=Takes.IDEA,
    ),
    Entry(
        usage="digest put-back N",
        words="Puts idea number N back into the digests. For coordinators.",
        examples=("digest put-back 12",),
        takes=Takes.IDEA,
    ),
    Entry(
        usage="prompt",
        words=(
            "Shows you the next weekly question; "
            f"{command('help prompt')} shows what else you can do."
        ),
        also=("question",),
        wrong=f"`{command('prompt')}` takes nothing after it but one of these words: ",
    ),
    Entry(
        usage="prompt why",
        words="Says why this question is next.",
    ),
    Entry(
        usage="prompt add TEXT",
        words="Proposes a question, to be asked with your name; coordinators add theirs at once.",
        examples=(f"prompt add {_TAUGHT}",),
        takes=Takes.TEXT,
        also=("prompt propose", "prompt new"),
        wrong=(
            "Which question? Write it after the command, for example "
            f"`{command(f'prompt add {_TAUGHT}')}`"
        ),
    ),
    Entry(
        usage="prompt list",
        words="Shows this channel's own questions; list all shows every question.",
        examples=("prompt list", "prompt list all"),
        takes=Takes.OPTION,
        options=("all",),
        wrong=f"Write `{command('prompt list')}`, or `{command('prompt list all')}`.",
    ),
    Entry(
        usage="prompt edit N TEXT",
        words="Rewords question N. For coordinators.",
        examples=(
            "prompt edit poetry-month Where do poems turn up in your school?",
            f"prompt edit 3 {_TAUGHT}",
        ),
        takes=Takes.PROMPT_AND_TEXT,
        also=("prompt reword",),
        wrong=(
            "Which question, and what should it say? Write for example "
            f"`{command(f'prompt edit 3 {_TAUGHT}')}`"
        ),
    ),
    Entry(
        usage="prompt remove N",
        words="Stops asking this channel's own question N. For coordinators.",
        examples=("prompt remove 3",),
        takes=Takes.PROMPT,
        also=("prompt delete",),
        wrong=(
            f"Which question? Write its number, for example `{command('prompt remove 3')}`. "
            f"`{command('prompt list')}` shows the numbers."
        ),
    ),
    Entry(
        usage="prompt accept N",
        words="Takes in the question N that a member proposed. For coordinators.",
        examples=("prompt accept 3",),
        takes=Takes.PROMPT,
        wrong=_which_proposal("accept"),
    ),
    Entry(
        usage="prompt decline N",
        words="Declines the question N that a member proposed. For coordinators.",
        examples=("prompt decline 3",),
        takes=Takes.PROMPT,
        wrong=_which_proposal("decline"),
    ),
    Entry(
        usage="prompt skip",
        words="Skips the next question; it is not asked for half a year. For coordinators.",
    ),
    Entry(
        usage="prompt pin N",
        words="Asks question N next; pin none lets me choose again. For coordinators.",
        examples=("prompt pin poetry-month", "prompt pin 3"),
        takes=Takes.ANY_PROMPT,
        wrong=(
            "Which question? Write its number or its name, for example "
            f"`{command('prompt pin 3')}` or `{command('prompt pin poetry-month')}`. "
            f"`{command('prompt list all')}` shows them; `{command('prompt pin none')}` unpins it."
        ),
    ),
    Entry(
        usage="prompt answers",
        words="Shows how many answers each question has had. For coordinators.",
    ),
    Entry(
        usage="settings",
        words=(
            "Sets this channel's days, hours, breaks and more; settings log shows who "
            "changed what. For coordinators."
        ),
        examples=("settings log", "settings"),
        takes=Takes.OPTION,
        options=("log",),
        also=("setup",),
        wrong=(
            f"`{command('settings')}` takes nothing after it but `log`, which shows what was "
            "changed lately."
        ),
    ),
    Entry(
        usage="board",
        words="Shares this channel's ideas on a page that people outside can open; shows and "
        "revokes what is shared. For coordinators.",
        also=("shares",),
    ),
    Entry(
        usage="subscribe [weekly or off]",
        words=f"Brings you a digest of your own each week, in {DIRECT}; subscribe off stops it.",
        examples=("subscribe off", "subscribe weekly"),
        takes=Takes.OPTION,
        options=("weekly", "off"),
        wrong=(
            f"Write `{command('subscribe weekly')}` for a digest of your own each week, "
            f"`{command('subscribe off')}` to stop it, or `{command('subscribe')}` to choose day "
            "and hour."
        ),
    ),
    Entry(
        usage="my-data",
        words=f"Sends you everything I hold about you, in {DIRECT}.",
        also=("mydata",),
    ),
    Entry(
        usage="forget-me",
        words="Erases everything I hold about you, for good; I ask twice.",
        also=("forget", "forgetme"),
    ),
)
"""Every command, in the order of the help."""


SHARING: Final = (
    HelpRow(
        f"{SHARE} TEXT",
        "Keeps TEXT as your idea and posts it here.",
        f"{SHARE} Book tasting at lunch",
    ),
    HelpRow(SHARE, "Opens a form to share an idea.", SHARE),
)
"""The command that shares an idea; what follows it is not parsed."""

SHARE_WORDS: Final = frozenset({"add", "new", "post", "share", "submit"})
"""What people type who want to share an idea."""

FEW: Final = (Verb.SEARCH, Verb.LIST, Verb.SHOW, Verb.ME)
"""What somebody new needs beside sharing an idea."""
