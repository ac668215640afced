-- A member's own weekly digest, by direct message, at an hour of their own zone.

alter table member add column zone text not null default '';  -- by the platform; '': it does not say

create table subscription (
  workspace text not null,
  member_id text not null,
  hour text not null,                    -- `fri 15:00`, by their own clocks
  channels text not null default '',     -- ids; none: all that they may see
  components text not null default '',   -- codes; none: all
  since text not null,                   -- until then they have had what came in
  last text not null,                    -- the latest week that is over and done with
  due text,                              -- null: to be reckoned anew
  queued integer not null default 0 check (queued in (0, 1)),  -- a job has it in hand
  primary key (workspace, member_id),
  foreign key (workspace, member_id) references member (workspace, id)
) strict, without rowid;
create index subscription_by_due on subscription (workspace, due) where not queued;

create trigger member_moved after update of zone on member when old.zone is not new.zone
begin
  update subscription set due = null
  where workspace = new.workspace and member_id = new.id and not queued;
end;

-- what came in since somebody's last digest, wherever it was posted
create index idea_by_coming on idea (workspace, kept_at, channel) where withdrawn is null;

-- What kinds of deliveries there are, the program knows. What hangs on a delivery goes with its
-- table, so it is put aside meanwhile.
create table delivery_made (
  workspace text not null,
  channel text not null,                 -- '': it is told to a member, whom the subject names
  kind text not null,
  subject text not null,                 -- of a digest or prompt its period
  part integer not null default 0,       -- 0: the first message; others stand in its thread
  attempt integer not null default 0,
  claimed_at text not null default '',   -- by the first attempt
  until text not null default '',        -- nobody else posts before then
  doubtful integer not null default 0,
  at text not null,
  prompt_id text not null default '',
  prompt_text text not null default '',
  sent_at text,
  ts text,
  primary key (workspace, channel, kind, subject, part)
) strict, without rowid;
insert into delivery_made select workspace, channel, kind, subject, part, attempt, claimed_at,
  until, doubtful, at, prompt_id, prompt_text, sent_at, ts from delivery;
create table delivery_idea_aside as select * from delivery_idea;
create table delivery_extra_aside as select * from delivery_extra;
drop table delivery;
alter table delivery_made rename to delivery;
create index delivery_by_ts on delivery (workspace, channel, ts) where ts is not null;
insert into delivery_idea select * from delivery_idea_aside;
insert into delivery_extra select * from delivery_extra_aside;
drop table delivery_idea_aside;
drop table delivery_extra_aside;
