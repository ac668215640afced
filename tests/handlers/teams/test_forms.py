"""Forms as dialogs and as cards: harmless, and read back as they were filled in."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.messages import idea_form, profile, trials
from bot.core.messages.settings import form as settings_form
from bot.core.model.actions import Act, Action
from bot.core.model.channel_week import ChannelWeek, ScheduleDefaults
from bot.core.model.parts import (
    Actions,
    Button,
    Choice,
    ChoiceField,
    DayField,
    Form,
    Paragraph,
    Submission,
    TextField,
    TimeField,
    Words,
)
from bot.core.model.people import Channel, Profile
from bot.core.model.settings import SettingsView
from bot.core.model.weeks import parse_weekly
from handlers.teams import forms, presses
from handlers.teams.attachments import CARD
from tests.core.samples import idea
from tests.core.stage import CHICAGO, FRAMEWORK
from tests.handlers.hostile import SLOW, hostile, whole_forms
from tests.teams.drawing import INPUTS, check_harmless, elements, read, shown

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)


@SLOW
@given(whole_forms, st.dictionaries(st.sampled_from("abcz"), hostile, max_size=3))
def test_forms_are_harmless(form: Form, problems: dict[str, str]) -> None:
    """In a form too; only what can be edited stays as it was."""
    check_harmless(forms.to_dialog(form, problems)["task"]["value"]["card"]["content"])
    check_harmless(forms.to_card(form, problems))


@pytest.mark.parametrize("data", [{}, {"action": "gone_since"}, {"action": []}, {"action": 3}])
def test_a_button_that_nobody_knows_is_none(data: dict[str, Any]) -> None:
    """An old card, or what somebody made up, asks for nothing."""
    assert presses.to_action(data) is None
    assert presses.to_submission(data) is None


def test_a_form_comes_back_as_it_went() -> None:
    """What was left empty is the empty string; drawn again, a form has what was entered."""
    form = Form(
        "Share",
        "Share",
        (
            TextField("text", "Your idea", required=True),
            ChoiceField("channel", "In", (Choice("C1", "#a"), Choice("C2", "#b")), value="C1"),
            DayField("day", "Day"),
            TimeField("time", "Time"),
            Actions((Button("More", Action(Act.SETTINGS_MORE, channel="C1")),)),
            Words("Thank you."),
        ),
        Action(Act.SHARE, channel="C1"),
    )
    card = forms.to_dialog(form)["task"]["value"]["card"]
    assert CARD == card["contentType"]
    (send,) = card["content"]["actions"]
    data = {**send["data"], "text": "*Hi*", "channel": "C2"}
    assert presses.is_form(data)
    entered = {"text": "*Hi*", "channel": "C2", "day": "", "time": ""}
    assert Submission(Action(Act.SHARE, channel="C1"), entered) == presses.to_submission(data)
    again = forms.to_dialog(forms.filled(form, entered), {"text": "Too short.", "line": "No."})
    content = again["task"]["value"]["card"]["content"]
    assert ["*Hi*", "C2"] == [one["value"] for one in elements(content, *INPUTS) if "value" in one]
    assert ["No.", "Too short.", "Thank you."] == shown(content)
    (more,) = [one for one in elements(content, "Action.Submit") if one["title"] == "More"]
    assert not presses.is_form(more["data"])
    assert Action(Act.SETTINGS_MORE, channel="C1") == read(more["data"])


def test_a_form_may_stand_in_a_chat() -> None:
    """Whoever types opens no dialog: the same fields, with a headline, and a button that acts."""
    more = Button("More", Action(Act.SETTINGS_MORE, channel="C1"))
    form = Form(
        "Settings",
        "Save",
        (TextField("line", "A line"), Actions((more,))),
        Action(Act.SETTINGS, channel="C1"),
    )
    card = forms.to_card(form, {"line": "Too long."})
    assert ["Settings"] == [one["text"] for one in elements(card, "TextBlock")]
    assert ["Too long."] == shown(card)
    pressed, save = elements(card, "Action.Execute")
    assert more.action == read(pressed["data"])
    entered = presses.to_submission({**save["data"], "line": "Hello"})
    assert Submission(Action(Act.SETTINGS, channel="C1"), {"line": "Hello"}) == entered
    assert "Settings" == forms.to_activity(form)["summary"]


@given(
    st.dictionaries(
        st.sampled_from(["action", "value", "chosen", "fields", "text"]),
        st.one_of(st.none(), st.integers(), st.lists(st.text(max_size=3)), st.sampled_from(Act)),
    )
)
def test_whatever_comes_back_is_read(data: dict[str, Any]) -> None:
    """Nothing that anybody sends upsets the reading of it."""
    presses.to_action(data)
    presses.to_submission(data)


def _core_forms() -> list[Form]:
    """Every form that the core opens."""
    known = Channel(workspace="T1", id="C1", name="a", first_seen=NOW)
    chosen = SettingsView(
        week=ChannelWeek(known, ScheduleDefaults(CHICAGO, parse_weekly("fri 15:00"), None)),
        today=NOW.date(),
        coming=(),
        changes=(),
        names={},
    )
    return [
        idea_form.share([("C1", "a")], FRAMEWORK, here="C1", values={"text": "Book tasting"}),
        idea_form.edit(idea(3), FRAMEWORK, {"credit": "U1,U2"}, here="C1"),
        profile.profile(Profile(school="Prairie"), here="C1"),
        trials.form(idea(3)),
        settings_form(chosen),
        settings_form(chosen, more=True),
    ]


@pytest.mark.parametrize("form", _core_forms(), ids=lambda form: form.title)
def test_the_cores_forms_come_back_as_they_went(form: Form) -> None:
    """What stands in a form already comes back where nobody changes it, field by field."""
    content = forms.to_dialog(form)["task"]["value"]["card"]["content"]
    (send,) = content["actions"]
    entered = {one["id"]: one["value"] for one in elements(content, *INPUTS) if "value" in one}
    assert set(forms.fields_of(form)) == {one["id"] for one in elements(content, *INPUTS)}
    wanted = {
        field.id: field.value
        for field in form.fields
        if not isinstance(field, Words | Paragraph | Actions)
    }
    assert Submission(form.about, wanted) == presses.to_submission({**send["data"], **entered})
    assert form == forms.filled(form, wanted)
