-- Which ideas of a channel are ideas, and what of a common word's hits is of a channel, is told by
-- an index alone: no idea's row is read for it.

drop index idea_by_channel;
create index idea_by_channel on idea (workspace, channel, posted_at, number, kind)
  where withdrawn is null;
create index idea_by_moment on idea (moment, workspace, channel, kind) where withdrawn is null;
