"""A sentence for each of Slack's error codes that a person on the page may meet."""

from typing import Final

_SENTENCES: Final = {
    "channel_not_found": "That channel is not here, or you are not in it.",
    "not_in_channel": "You are not in that channel, so you can read it but not write there.",
    "restricted_action_read_only_channel": "The bot cannot hear you here. Write in a channel.",
    "file_not_found": "That file is not there any more. Please choose it again.",
    "file_too_large": "That file is larger than 32 MB. Please choose a smaller one.",
    "is_archived": "That channel is archived. Nobody can write there any more.",
    "message_not_found": "That message is gone.",
    "thread_not_found": "The message you are answering is gone.",
    "cant_update_message": "You can only change your own messages.",
    "cant_delete_message": "You can only delete your own messages.",
    "already_reacted": "You have added that reaction already.",
    "no_reaction": "That reaction is gone already.",
    "invalid_name": "There is no emoji of that name.",
    "no_text": "Write something first.",
    "msg_too_long": "That is too long for one message.",
    "unknown_command": "That command is not one the bot knows. Type / to see those it does.",
    "dispatch_failed": "The bot did not answer. It may be starting; please try again.",
    "operation_timeout": "The bot took too long to answer. Please try again.",
    "no_such_action": "That button is not there any more.",
    "no_such_option": "That choice is not there any more.",
    "no_such_view": "That form is closed.",
    "invalid_form": "Please look at the marked fields.",
    "invalid_arguments": "The page sent something incomplete. Please reload it.",
    "invalid_blocks": "The bot's answer could not be drawn.",
    "cannot_jump": "This clock cannot be moved.",
}


def sentence(code: str) -> str:
    """Return what the page says about an error code."""
    return _SENTENCES.get(code, f"That did not work ({code.replace('_', ' ')}).")
