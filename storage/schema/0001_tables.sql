-- The tables. Their names are read by people in a database browser.
-- Instants are text, `2026-11-25T15:00:00.000000Z`; a list in one cell is joined by `; `.

create table workspace (
  id text primary key,
  name text not null default '',
  url text not null default '',
  bot_user_id text not null default '',
  bot_id text not null default ''
) strict, without rowid;

create table channel (
  workspace text not null references workspace (id),
  id text not null,
  name text not null default '',
  private integer check (private in (0, 1)),  -- null: not known, counts as private
  member integer not null default 1,
  archived integer not null default 0,
  invited_by text not null default '',
  first_seen text not null,
  looked_up_at text,
  zone text,
  digest text,
  prompt text,
  marked_only integer not null default 0,
  former text not null default '',       -- the ids it had before, blank-separated
  observances integer not null default 0,
  previews text not null default 'first',
  breaks text not null default '',       -- a line each: first to last day
  paused_until text,                     -- the first day on which the bot speaks again
  pinned text not null default '',       -- the prompt to be asked next
  deleted integer not null default 0,    -- gone for good
  inviter_left integer not null default 0,
  line text not null default '',         -- what the next digest says at its head
  refused_since text,                    -- it takes nothing that the bot posts
  changes integer not null default 1,    -- of what its due times go by
  planned integer not null default 0,    -- how many there were when they were reckoned
  primary key (workspace, id)
) strict, without rowid;
create index channel_by_name on channel (workspace, lower(name)) where name <> '';
create index channel_unplanned on channel (workspace, id) where changes <> planned;

create trigger channel_changed after update of name, private, member, archived, former, first_seen,
  zone, digest, prompt, breaks, paused_until, previews on channel
when old.name is not new.name or old.private is not new.private
  or old.member is not new.member or old.archived is not new.archived
  or old.former is not new.former or old.first_seen is not new.first_seen
  or old.zone is not new.zone or old.digest is not new.digest or old.prompt is not new.prompt
  or old.breaks is not new.breaks or old.paused_until is not new.paused_until
  or old.previews is not new.previews
begin
  update channel set changes = changes + 1 where workspace = new.workspace and id = new.id;
end;

create table member (
  workspace text not null references workspace (id),
  id text not null,
  name text not null default '',
  real_name text not null default '',
  title text not null default '',
  is_admin integer not null default 0,
  is_guest integer not null default 0,
  is_bot integer not null default 0,
  deleted integer not null default 0,
  looked_up_at text,
  school text not null default '',
  district text not null default '',
  role text not null default '',
  keep text not null default 'all' check (keep in ('all', 'marked', 'nothing')),
  greeted integer not null default 0,
  primary key (workspace, id)
) strict, without rowid;

-- every name a member was known by, folded, so that a filter by an old name still finds
create table member_name (
  workspace text not null,
  name text not null,
  member_id text not null,
  primary key (workspace, name, member_id),
  foreign key (workspace, member_id) references member (workspace, id)
) strict, without rowid;

create table idea (
  id integer primary key,
  workspace text not null,
  number integer not null,
  channel text not null,
  ts text,                               -- null: from a command, not posted yet
  posted_at text not null,
  moment integer not null unique,        -- posted_at in microseconds; the search index's row id
  author_id text,
  author_name text not null default '',
  author_real_name text not null default '',
  author_title text not null default '',
  school text not null default '',
  district text not null default '',
  role text not null default '',
  text text not null,
  reads_as text not null check (reads_as in ('idea', 'question')),
  -- in doubt, it is kept like an idea and counts as none until somebody takes it up
  doubtful integer not null default 0 check (doubtful in (0, 1)),
  kind text generated always as (case when doubtful then 'post' else reads_as end) virtual,
  source text not null,
  tags text not null default '',
  components text not null default '',
  resources text not null default '',
  credits text not null default '',
  framework text not null default '',
  components_by_hand integer not null default 0,
  prompt_id text not null default '',
  prompt text not null default '',
  reactions integer not null default 0,
  replies integer not null default 0,
  tried integer not null default 0,
  permalink text not null default '',
  edited text not null default '',       -- the platform's stamp of the latest edit
  edited_at text,
  kept_at text not null,                 -- when it came in, by our clock
  unnamed text not null default '',      -- ids in the text whose names are not known yet
  mark text not null default '',
  refused integer not null default 0 check (refused in (0, 1)),  -- its post, by the chat
  digested text,                         -- the period of the digest it stood in
  withdrawn text,
  withdrawn_at text,
  unique (workspace, number),
  unique (workspace, channel, ts),
  foreign key (workspace, channel) references channel (workspace, id),
  foreign key (workspace, author_id) references member (workspace, id)
) strict;
create index idea_by_date on idea (workspace, posted_at, number, channel, withdrawn)
  where withdrawn is null;
create index idea_by_channel on idea (workspace, channel, posted_at, number)
  where withdrawn is null;
create index idea_by_author on idea (workspace, author_id, posted_at, number)
  where withdrawn is null;
create index idea_undigested on idea (workspace, channel, posted_at)
  where digested is null and withdrawn is null;
create index idea_without_name on idea (workspace, author_id)
  where author_name = '' and withdrawn is null;
create index idea_by_prompt on idea (workspace, channel, prompt_id)
  where prompt_id <> '' and withdrawn is null;

-- what each component is called now, for people who read this file
create table component (
  code text primary key,
  name text not null
) strict, without rowid;

-- a post in doubt that somebody takes up is an idea, and may have a place of its own in a digest
create trigger idea_taken_up after update of doubtful, reactions, replies, tried on idea
when new.doubtful
  and (new.replies > 0 or new.tried > 0 or (new.reactions > 0 and new.reads_as = 'idea'))
begin
  update idea set doubtful = 0 where id = new.id;
end;

create trigger idea_without_doubt after update of doubtful on idea
when old.doubtful and not new.doubtful
begin
  update idea set digested = null where id = new.id;
end;

create table tag (
  workspace text not null,
  tag text not null,
  idea_id integer not null references idea (id),
  primary key (workspace, tag, idea_id)
) strict, without rowid;
create index tag_by_idea on tag (idea_id);

create table idea_component (
  workspace text not null,
  component text not null,
  idea_id integer not null references idea (id),
  primary key (workspace, component, idea_id)
) strict, without rowid;
create index idea_component_by_idea on idea_component (idea_id);

create table resource (
  workspace text not null,
  idea_id integer not null references idea (id),
  position integer not null,
  url text not null,
  kind text not null,
  title text not null default '',
  primary key (idea_id, position)
) strict, without rowid;

create table credit (
  workspace text not null,
  idea_id integer not null references idea (id),
  position integer not null,
  name text not null,
  member_id text,
  primary key (idea_id, position)
) strict, without rowid;

create table reply (
  workspace text not null,
  channel text not null,
  ts text not null,
  parent_ts text not null,
  member_id text not null,
  deleted integer not null default 0,
  primary key (workspace, channel, ts)
) strict, without rowid;
create index reply_by_parent on reply (workspace, channel, parent_ts);

create table reaction (
  workspace text not null,
  channel text not null,
  ts text not null,
  name text not null,
  member_id text not null,
  stamp text not null,
  present integer not null,
  primary key (workspace, channel, ts, name, member_id)
) strict, without rowid;
create index reaction_by_member on reaction (workspace, member_id);

-- messages that are not ideas and of which something must be known all the same
create table ignored_message (
  workspace text not null,
  channel text not null,
  ts text not null,
  edited text not null default '',
  deleted integer not null default 0,
  primary key (workspace, channel, ts)
) strict, without rowid;

-- what must stand in a chat once, a row for each of its messages
create table delivery (
  workspace text not null,
  channel text not null,
  kind text not null check (kind in ('digest', 'prompt', 'idea', 'welcome', 'notice')),
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
create index delivery_by_ts on delivery (workspace, channel, ts) where ts is not null;

-- what each message carries, fixed by the first attempt
create table delivery_idea (
  workspace text not null,
  channel text not null,
  kind text not null,
  subject text not null,
  position integer not null,
  part integer not null,
  idea_id integer not null references idea (id),
  primary key (workspace, channel, kind, subject, position),
  foreign key (workspace, channel, kind, subject, part)
    references delivery (workspace, channel, kind, subject, part) on delete cascade
) strict, without rowid;

-- what a digest's first message says beside its ideas
create table delivery_extra (
  workspace text not null,
  channel text not null,
  kind text not null,
  subject text not null,
  position integer not null,
  part integer not null default 0 check (part = 0),
  what text not null check (what in ('question', 'earlier', 'invitation', 'trial', 'line')),
  ref text not null,
  primary key (workspace, channel, kind, subject, position),
  foreign key (workspace, channel, kind, subject, part)
    references delivery (workspace, channel, kind, subject, part) on delete cascade
) strict, without rowid;
create index delivery_extra_by_ref on delivery_extra (workspace, channel, what, ref);

-- weeks whose digest a coordinator took out before it went
create table skipped_digest (
  workspace text not null,
  channel text not null,
  period text not null,
  member_id text not null,
  at text not null,
  primary key (workspace, channel, period)
) strict, without rowid;

-- ideas that a coordinator took out of a digest before it went; they are kept all the same
create table left_out (
  idea_id integer primary key references idea (id),
  member_id text not null,
  at text not null
) strict;

create table trial (
  id integer primary key,
  workspace text not null,
  idea_id integer not null references idea (id),
  member_id text not null,
  member_name text not null default '',  -- as of that day, like the school
  school text not null default '',
  outcome text not null check (outcome in ('worked', 'changed', 'failed')),
  grades text not null default '',
  setting text not null default '',
  words text not null default '',
  tried_at text not null,
  digested text,                         -- the period of the digest it stood in
  unique (idea_id, member_id),
  foreign key (workspace, member_id) references member (workspace, id)
) strict;
create index trial_undigested on trial (workspace, tried_at) where digested is null;

create table due (
  workspace text not null,
  channel text not null,
  kind text not null check (kind in ('digest', 'prompt')),
  due text not null,
  shown integer not null default 0,      -- nothing more is to be done before
  primary key (workspace, channel, kind)
) strict, without rowid;
create index due_by_time on due (workspace, due);

-- what coordinators changed
create table change (
  id integer primary key,
  workspace text not null,
  channel text not null,
  who text not null,
  at text not null,
  what text not null,
  old text not null,
  new text not null
) strict;
create index change_by_channel on change (workspace, channel, id);

-- a channel's own prompts
create table own_prompt (
  workspace text not null,
  channel text not null,
  number integer not null,
  text text not null,
  components text not null default '',
  state text not null check (state in ('proposed', 'accepted', 'declined')),
  rewords text not null default '',    -- the prompt of the bank whose words these are instead
  proposed integer not null default 0, -- by a member, who is then named beside it
  by text not null,
  name text not null default '',
  at text not null,
  decided_by text not null default '',
  decided_at text,
  primary key (workspace, channel, number)
) strict, without rowid;

create table skipped_prompt (
  workspace text not null,
  channel text not null,
  prompt_id text not null,
  at text not null,
  primary key (workspace, channel, prompt_id)
) strict, without rowid;

-- how far the latest reading of a channel's history has come
create table reading (
  workspace text not null,
  channel text not null,
  since text not null,
  until text not null,
  reached text not null,
  asked integer not null default 0,
  finished integer not null default 0,
  primary key (workspace, channel)
) strict, without rowid;

-- posts of ideas that were not in the history where they should be
create table missing_message (
  workspace text not null,
  channel text not null,
  ts text not null,
  first_reading text not null,
  primary key (workspace, channel, ts)
) strict, without rowid;

create table outbox (
  id integer primary key,
  workspace text not null,
  effect text not null,
  channel text not null default '',      -- the one it is about, where that is of use
  key text not null,
  payload text not null default '{}' check (json_valid(payload)),
  due text not null,
  attempts integer not null default 0,
  error text not null default '',
  version integer not null default 0,
  put_off_at text,                       -- tells a clock that has gone back since
  unique (workspace, effect, channel, key)
) strict;
create index outbox_by_due on outbox (effect, due, id);

-- until when which method of a workspace's chat is to be left alone
create table pause (
  workspace text not null,
  method text not null,
  noted_at text not null,
  until text not null,
  primary key (workspace, method)
) strict, without rowid;

-- one row: proof that the file takes writes, and whether erased words must leave index and pages
create table upkeep (
  id integer primary key check (id = 1),
  write_probe integer not null default 0,
  scrub integer not null default 0,
  stale integer not null default 0
) strict;
insert into upkeep (id) values (1);
