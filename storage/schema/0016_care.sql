-- What coordinators look after: ideas hidden and merged, whose idea it is, what is none, the pick.
-- An idea that is put aside is `withdrawn` ('hidden' or 'merged'), so that whatever shows ideas
-- leaves it out by the condition and the index that it has; its words stay in its row.

alter table idea add column aside text check (aside in ('hidden', 'merged'));
alter table idea add column part_of integer references idea (id);  -- the idea it was merged into
create index idea_aside on idea (workspace, channel, posted_at) where aside is not null;
create index idea_aside_of on idea (workspace, author_id) where aside is not null;
create index idea_part on idea (part_of) where part_of is not null;

alter table credit add column given integer not null default 0;  -- by a coordinator: an edit keeps it
alter table trial add column told_of integer references idea (id);  -- before it was merged

-- who did what with which idea, and why
create table care (
  id integer primary key,
  workspace text not null,
  channel text not null,
  idea_id integer not null references idea (id),
  who text not null,
  at text not null,
  what text not null,
  reason text not null default '',
  other_id integer references idea (id), -- the idea that it was merged into, or taken out of
  member_id text not null default '',    -- whose it was before
  detail text not null default ''        -- components, as they were and are
) strict;
create index care_by_channel on care (workspace, channel, id);
create index care_by_idea on care (idea_id);

-- the idea that the next digest of a channel shows first, and who picked it
create table pick (
  workspace text not null,
  channel text not null,
  idea_id integer not null references idea (id),
  member_id text not null,
  at text not null,
  primary key (workspace, channel)
) strict, without rowid;

create table delivery_extra_new (
  workspace text not null,
  channel text not null,
  kind text not null,
  subject text not null,
  position integer not null,
  part integer not null default 0 check (part = 0),
  what text not null
    check (what in ('question', 'earlier', 'invitation', 'trial', 'line', 'pick')),
  ref text not null,
  primary key (workspace, channel, kind, subject, position),
  foreign key (workspace, channel, kind, subject, part)
    references delivery (workspace, channel, kind, subject, part) on delete cascade
) strict, without rowid;
insert into delivery_extra_new select * from delivery_extra;
drop table delivery_extra;
alter table delivery_extra_new rename to delivery_extra;
create index delivery_extra_by_ref on delivery_extra (workspace, channel, what, ref);
