"""Members and channels, however Teams and Graph describe them."""

import pytest

from bot.core.model.people import ChannelInfo, Person
from bot.core.model.posts import Place
from handlers.shapes import OddShapeError, Payload
from handlers.teams.people import kind_of, link_to, to_channel, to_person

ROSA = Person(id="U0ROSA", name="Rosa Alvarez", real_name="Rosa Alvarez")


@pytest.mark.parametrize(
    "told",
    [
        {
            "id": "29:1rosa",
            "aadObjectId": "U0ROSA",
            "name": "Rosa  Alvarez",
            "givenName": "Rosa",
            "surname": "Alvarez",
            "tenantId": "tenant",
            "userRole": "user",
        },
        {"id": "MCMjMQ==", "userId": "U0ROSA", "displayName": "Rosa Alvarez", "roles": []},
        {"id": "U0ROSA", "displayName": "Rosa Alvarez", "userType": "Member"},
    ],
)
def test_a_member_is_the_same_person_everywhere(told: Payload) -> None:
    """The connector's member, a team's member and a user of Graph's go by the id in Entra."""
    assert ROSA == to_person(told, "tenant")


def test_who_is_a_guest() -> None:
    """Teams says so, or they are of another tenant; and nobody administers, not even an owner."""
    told: Payload = {"userId": "U1", "displayName": "Ann", "roles": ["owner"]}
    assert (False, False) == _roles(told)
    assert (False, True) == _roles(told | {"tenantId": "other"})
    assert (False, True) == _roles({"aadObjectId": "U1", "name": "Ann", "userRole": "guest"})
    assert (False, True) == _roles({"id": "U1", "displayName": "Ann", "userType": "Guest"})
    user = {"id": "U1", "displayName": "Ann", "jobTitle": "Librarian", "accountEnabled": False}
    person = to_person(user, "tenant")
    assert ("Librarian", True) == (person.title, person.deleted)


def _roles(told: Payload) -> tuple[bool, bool]:
    person = to_person(told, "tenant")
    return person.is_admin, person.is_guest


def test_a_channel_has_the_name_of_its_team() -> None:
    """The first one has none of its own; all are private, also those that all of a team see."""
    name = "Librarians \u203a Reading"
    told = {"id": "19:a", "displayName": "Reading", "membershipType": "standard"}
    info = ChannelInfo(id="19:a", name=name, private=True, quiet=True)
    assert info == to_channel(told, "Librarians")
    general = to_channel({"id": "19:t", "name": None}, "Librarians")
    assert ("Librarians \u203a General", True) == (general.name, general.private)
    assert to_channel(told | {"membershipType": "shared", "isArchived": True}, "").archived


def test_a_channel_is_of_a_kind() -> None:
    """Graph, the connector and the playground word it otherwise; what is not known is no kind."""
    kinds = [
        {"membershipType": "standard"},
        {"type": "shared"},
        {"channelType": "private"},
        {"type": "x"},
        {},
    ]
    assert ["standard", "shared", "private", "", ""] == [kind_of(told) for told in kinds]


def test_whoever_has_no_id_is_nobody() -> None:
    """Nothing is made of what lacks it."""
    with pytest.raises(OddShapeError):
        to_person({"name": "Ann"}, "tenant")
    with pytest.raises(OddShapeError):
        to_channel({"displayName": "Reading"}, "Librarians")


def test_a_message_has_an_address() -> None:
    """It names channel, message, team and tenant, and of a reply what it replies to."""
    place = Place("tenant", "19:a@thread.tacv2", "1795622400100")
    start = "https://teams.microsoft.com/l/message/19:a@thread.tacv2/1795622400100?tenantId=tenant"
    last = "createdTime=1795622400100"
    assert f"{start}&groupId=g&parentMessageId=1795622400100&{last}" == link_to(place, "g")
    assert f"{start}&parentMessageId=17&{last}" == link_to(place, "", "17")
