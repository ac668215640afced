"""What a platform's handler must know in its next run."""

from storage import Store


async def test_a_note_is_kept_by_workspace_kind_and_key(store: Store) -> None:
    """The latest word counts, and an empty one forgets."""
    for workspace, kind, key, value in (
        ("T1", "team", "a", "first"),
        ("T1", "team", "a", "Reading"),
        ("T1", "team", "b", "Research"),
        ("T1", "chat", "a", "19:1"),
        ("T2", "team", "a", "Elsewhere"),
        ("T1", "team", "b", ""),
    ):
        await store.note(workspace, kind, key, value)
    assert {"a": "Reading"} == await store.notes("T1", "team")
    assert {"a": "19:1"} == await store.notes("T1", "chat")
    assert {} == await store.notes("T1", "member")
