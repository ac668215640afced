"""Every sentence the bot says, as neutral `Message` and `Form` values.

`help` shows the commands; `answers` shows ideas, `removal` is about withdrawing them, `sharing`
about sharing them, `care` about what coordinators do with them, `settings` about a channel's
settings; `notices` tells people unasked, `ahead` the coordinator before a digest, `trials` the
author of a tried idea; `digest*` and `weekly` are what is posted by the week, `fitting` says what
a digest has room for, `questions` is about the weekly question; `common` and `hours` hold the
words that several share.
"""
