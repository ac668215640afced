"""Every sentence the bot says, as neutral `Message` and `Form` values.

`answers` replies to commands and buttons, `sharing` to shared ideas, `settings` to a channel's
coordinator; `notices` tells people unasked, `ahead` the coordinator before a digest, `trials` the
author of a tried idea; `digest*` and `weekly` are what is posted by the week, `fitting` says what
a digest has room for, `questions` is about the weekly question; `common` and `hours` hold the words
that several share.
"""
