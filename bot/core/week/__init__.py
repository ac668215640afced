"""The week: due times, what a digest holds, its preview, and a channel's settings.

Use `weekly.Weekly` to post or preview, `timetable.Timetable` for what is due, and
`settings.ChannelSettings` for what a channel chose.
"""
