"""The database's shape: migrations by name, oldest first, and how they are applied.

A migration that has been released is never edited: a later one changes what it made. The names
of tables and columns are read by people, in Datasette or DB Browser.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.core.errors import SchemaError

if TYPE_CHECKING:  # a migration loads it: 40 ms that few starts need
    from sqlite_utils import Database

SET = "commonplace"
"""Our name in sqlite-utils' table of migrations; it also tells our files from foreign ones."""

_TABLES = """
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
  primary key (workspace, id)
) strict, without rowid;

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
  kind text not null check (kind in ('idea', 'question')),
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
  gone integer not null default 0,
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
create table passed (
  workspace text not null,
  channel text not null,
  ts text not null,
  edited text not null default '',
  deleted integer not null default 0,
  primary key (workspace, channel, ts)
) strict, without rowid;

create table delivery (
  workspace text not null,
  channel text not null,
  kind text not null check (kind in ('digest', 'prompt')),
  period text not null,
  attempt integer not null,
  claimed_at text not null,              -- by the first attempt
  until text not null,                   -- nobody else posts before then
  doubtful integer not null default 0,
  at text not null,
  prompt_id text not null default '',
  prompt_text text not null default '',
  sent_at text,
  ts text,
  primary key (workspace, channel, kind, period)
) strict, without rowid;
create index delivery_by_ts on delivery (workspace, channel, ts) where ts is not null;

create table delivery_idea (
  workspace text not null,
  channel text not null,
  kind text not null,
  period text not null,
  position integer not null,
  idea_id integer not null references idea (id),
  primary key (workspace, channel, kind, period, position),
  foreign key (workspace, channel, kind, period)
    references delivery (workspace, channel, kind, period) on delete cascade
) strict, without rowid;

create table due (
  workspace text not null,
  channel text not null,
  kind text not null check (kind in ('digest', 'prompt')),
  due text not null,
  primary key (workspace, channel, kind)
) strict, without rowid;
create index due_by_time on due (due);

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
create table missing (
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
  key text not null,
  payload text not null default '',
  due text not null,
  attempts integer not null default 0,
  error text not null default '',
  version integer not null default 0,
  unique (workspace, effect, key)
) strict;
create index outbox_by_due on outbox (effect, due, id);

-- one row: proof that the file takes writes, and whether erased words must leave the index
create table upkeep (
  id integer primary key check (id = 1),
  beats integer not null default 0,
  scrub integer not null default 0
) strict;
insert into upkeep (id) values (1);
"""

# The index must hold exactly the ideas that are not withdrawn, so its content is a view of those:
# its own integrity check then compares the two. Its row id is the idea's moment, so that the
# newest hits of a common word come first without reading the rest.
_SEARCH = """
create view idea_words_source as
  select moment, text, author_name, tags, credits, school, district
  from idea where withdrawn is null;

create virtual table idea_words using fts5 (
  text, author_name, tags, credits, school, district,
  content = 'idea_words_source', content_rowid = 'moment',
  tokenize = 'porter unicode61 remove_diacritics 2'
);

create trigger idea_words_add after insert on idea when new.withdrawn is null begin
  insert into idea_words (rowid, text, author_name, tags, credits, school, district)
  values (new.moment, new.text, new.author_name, new.tags, new.credits, new.school, new.district);
end;

create trigger idea_words_change
after update of moment, text, author_name, tags, credits, school, district, withdrawn on idea
when old.moment <> new.moment or old.text <> new.text or old.author_name <> new.author_name
  or old.tags <> new.tags or old.credits <> new.credits or old.school <> new.school
  or old.district <> new.district or (old.withdrawn is null) <> (new.withdrawn is null)
begin
  insert into idea_words (idea_words, rowid, text, author_name, tags, credits, school, district)
  select 'delete', old.moment, old.text, old.author_name, old.tags, old.credits, old.school,
    old.district
  where old.withdrawn is null;
  insert into idea_words (rowid, text, author_name, tags, credits, school, district)
  select new.moment, new.text, new.author_name, new.tags, new.credits, new.school, new.district
  where new.withdrawn is null;
end;
"""

_LIST = """
create view idea_list as
  select i.number, substr(i.posted_at, 1, 10) as day,
    coalesce(nullif(i.author_name, ''), nullif(m.name, ''), i.author_id) as author, i.school,
    coalesce(nullif(c.name, ''), i.channel) as channel, i.kind, i.text, i.tags, i.components,
    i.resources, i.credits, i.prompt, i.reactions, i.replies, i.permalink, i.posted_at, i.source,
    i.workspace
  from idea i
    join channel c on c.workspace = i.workspace and c.id = i.channel
    left join member m on m.workspace = i.workspace and m.id = i.author_id
  where i.withdrawn is null;
"""

# The ids that a channel had before, blank-separated: settings may still name one of them.
_FORMER = "alter table channel add column former text not null default '';\n"


# What the coordinators choose for a channel, who chose it, and the channel's own questions.
_SETTINGS = """
alter table channel add column observances integer not null default 0;
alter table channel add column previews text not null default 'first';
alter table channel add column breaks text not null default '';  -- a line each: first to last day
alter table channel add column paused_until text;     -- the first day on which it speaks again
alter table channel add column pinned text not null default '';  -- the prompt to be asked next

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

create index idea_by_prompt on idea (workspace, channel, prompt_id)
  where prompt_id <> '' and withdrawn is null;
"""

# What a digest says beside its ideas, fixed by its first attempt; its later messages, which stand
# in the thread of the first; the look ahead that a coordinator gets; and who tried what.
_DIGEST = """
create table delivery_extra (
  workspace text not null,
  channel text not null,
  kind text not null,
  period text not null,
  position integer not null,
  what text not null check (what in ('question', 'earlier', 'invitation', 'trial')),
  ref text not null,
  primary key (workspace, channel, kind, period, position),
  foreign key (workspace, channel, kind, period)
    references delivery (workspace, channel, kind, period) on delete cascade
) strict, without rowid;
create index delivery_extra_by_ref on delivery_extra (workspace, channel, what, ref);

alter table delivery_idea add column part integer not null default 0;

create table delivery_part (
  workspace text not null,
  channel text not null,
  kind text not null,
  period text not null,
  part integer not null check (part > 0),
  attempt integer not null default 0,
  claimed_at text not null default '',   -- by the first attempt
  until text not null default '',        -- nobody else posts before then
  doubtful integer not null default 0,
  sent_at text,
  ts text,
  primary key (workspace, channel, kind, period, part),
  foreign key (workspace, channel, kind, period)
    references delivery (workspace, channel, kind, period) on delete cascade
) strict, without rowid;

-- the look ahead at a digest that its coordinators got, and whether one of them skipped that week
create table preview (
  workspace text not null,
  channel text not null,
  period text not null,
  told_at text,
  skipped_by text not null default '',
  skipped_at text,
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

-- what members were told, or may have been, so that nobody is told twice
create table told (
  workspace text not null,
  key text not null,
  at text not null,
  primary key (workspace, key)
) strict, without rowid;
"""

_BEGUN = """
alter table outbox add column begun_at text;  -- the first attempt that may show in the chat
"""

# Channels that are gone for good, and inviters who were seen to leave a channel.
_LEFT = """
alter table channel add column deleted integer not null default 0;
alter table channel add column inviter_left integer not null default 0;
"""

# A post in doubt is kept like an idea and counted as none until somebody takes it up. The digest
# only counted it until then, so from then on it may have a place of its own in a later one.
_DOUBT = """
drop view idea_list;
alter table idea rename column kind to reads_as;
alter table idea add column doubtful integer not null default 0 check (doubtful in (0, 1));
alter table idea add column kind text
  generated always as (case when doubtful then 'post' else reads_as end) virtual;
"""

_OWN_LINE = """
alter table channel add column line text not null default '';

alter table delivery_extra rename to old_extra;
drop index delivery_extra_by_ref;
create table delivery_extra (
  workspace text not null,
  channel text not null,
  kind text not null,
  period text not null,
  position integer not null,
  what text not null check (what in ('question', 'earlier', 'invitation', 'trial', 'line')),
  ref text not null,
  primary key (workspace, channel, kind, period, position),
  foreign key (workspace, channel, kind, period)
    references delivery (workspace, channel, kind, period) on delete cascade
) strict, without rowid;
create index delivery_extra_by_ref on delivery_extra (workspace, channel, what, ref);
insert into delivery_extra select * from old_extra;
drop table old_extra;
"""

_TAKEN_UP = """
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
"""

# An :x:, and an author's own :bulb:, are said to the bot and do not count.
_SAID_TO_US = """
update idea set reactions = (
  select count(distinct r.member_id) from reaction r
  where r.workspace = idea.workspace and r.channel = idea.channel and r.ts = idea.ts
    and r.present = 1 and r.name <> 'x' and not (r.name = 'bulb' and r.member_id is idea.author_id)
    and r.member_id not in (
      select w.bot_user_id from workspace w where w.id = idea.workspace
      union all
      select m.id from member m where m.workspace = idea.workspace and m.is_bot = 1
    )
)
where reactions > 0 and exists (
  select 1 from reaction r
  where r.workspace = idea.workspace and r.channel = idea.channel and r.ts = idea.ts
    and r.present = 1 and r.name in ('x', 'bulb')
);
"""


# Whether the file holds copies of words that went; and what was still held of what had gone.
_GONE = """
alter table upkeep add column stale integer not null default 0;
update upkeep set scrub = scrub + 1, stale = 1 where exists (select 1 from idea);

update trial set words = '', grades = '', setting = '', member_name = '', school = ''
  where idea_id in (select id from idea where withdrawn is not null);
update own_prompt set text = '', components = '', by = '', name = '' where state = 'declined';
update change set old = '', new = '' where what = 'question';

update idea set
  reactions = max(0, reactions - (
    select count(distinct r.member_id) from reaction r
      join member m on m.workspace = r.workspace and m.id = r.member_id
    where r.workspace = idea.workspace and r.channel = idea.channel and r.ts = idea.ts
      and r.present = 1 and m.is_bot = 0 and m.keep = 'nothing')),
  replies = max(0, replies - (
    select count(*) from reply y join member m on m.workspace = y.workspace and m.id = y.member_id
    where y.workspace = idea.workspace and y.channel = idea.channel and y.parent_ts = idea.ts
      and y.gone = 0 and m.keep = 'nothing'
      and not exists (select 1 from idea i
        where i.workspace = y.workspace and i.channel = y.channel and i.ts = y.ts)))
  where withdrawn is null and exists (select 1 from member where keep = 'nothing');
delete from reaction where exists (select 1 from member m
  where m.workspace = reaction.workspace and m.id = reaction.member_id and m.keep = 'nothing');
delete from reply where exists (select 1 from member m
    where m.workspace = reply.workspace and m.id = reply.member_id and m.keep = 'nothing')
  and not exists (select 1 from idea i where i.workspace = reply.workspace
    and i.channel = reply.channel and i.ts = reply.ts);
delete from member_name where exists (select 1 from member m
    where m.workspace = member_name.workspace and m.id = member_name.member_id
      and m.keep = 'nothing')
  and not exists (select 1 from idea i where i.workspace = member_name.workspace
    and i.author_id = member_name.member_id and i.withdrawn is null);
update member set name = '', real_name = '', title = '' where keep = 'nothing';
"""


# The list for people says what a part is called, and how many tried an idea.
_PARTS = """
create table component (
  code text primary key,
  name text not null
) strict, without rowid;

drop view idea_list;
create view idea_list as
  select i.number, substr(i.posted_at, 1, 10) as day,
    coalesce(nullif(i.author_name, ''), nullif(m.name, ''), i.author_id) as author, i.school,
    coalesce(nullif(c.name, ''), i.channel) as channel, i.kind, i.text, i.tags, (
      select group_concat(coalesce(p.name, k.component), '; ') from idea_component k
        left join component p on p.code = k.component
      where k.idea_id = i.id
    ) as parts, i.resources, i.credits, i.prompt, i.reactions, i.replies, i.tried, i.permalink,
    i.posted_at, i.source, i.components, i.workspace
  from idea i
    join channel c on c.workspace = i.workspace and c.id = i.channel
    left join member m on m.workspace = i.workspace and m.id = i.author_id
  where i.withdrawn is null;
"""

# When a job was put off, so that it is known when the clock went back since; and until when which
# method of a chat is to be left alone, for the next run too.
_WAITS = """
alter table outbox add column put_off_at text;
create table pause (
  workspace text not null,
  method text not null,
  noted_at text not null,
  until text not null,
  primary key (workspace, method)
) strict, without rowid;
"""

_REFUSED = (
    "alter table idea add column refused integer not null default 0 check (refused in (0, 1));"
)

# What was still held of the trials of members who wanted nothing kept: those that bear their name.
_UNTRIED = """
update upkeep set scrub = scrub + 1, stale = 1 where exists (select 1 from trial t
  join member m on m.workspace = t.workspace and m.id = t.member_id and m.keep = 'nothing'
  where t.member_name <> '');
delete from trial where member_name <> '' and exists (select 1 from member m
  where m.workspace = trial.workspace and m.id = trial.member_id and m.keep = 'nothing');
update idea set tried = (select count(*) from trial t where t.idea_id = idea.id) where tried > 0;
"""


def _script(sql: str) -> Callable[[Database], None]:
    """A migration that runs *sql* inside the transaction it finds (`executescript` would not)."""
    import sqlite3 as sqlite  # noqa: PLC0415  (only needed when something is pending)

    def apply(db: Database) -> None:
        statement = ""
        for line in sql.splitlines(keepends=True):
            statement += line
            if sqlite.complete_statement(statement):
                db.conn.execute(statement)
                statement = ""

    return apply


Migrating = tuple[tuple[str, str], ...]

MIGRATIONS: Migrating = (
    ("0001_tables", _TABLES),
    ("0002_search", _SEARCH),
    ("0003_list", _LIST),
    ("0004_former_channel_ids", _FORMER),
    ("0005_settings", _SETTINGS),
    ("0006_digest", _DIGEST),
    ("0007_begun", _BEGUN),
    ("0008_left", _LEFT),
    ("0009_doubt", _DOUBT + _LIST + _TAKEN_UP),
    ("0010_gone", _GONE),
    ("0011_own_line", _OWN_LINE),
    ("0012_said_to_us", _SAID_TO_US),
    ("0013_parts", _PARTS),
    ("0014_waits", _WAITS),
    ("0015_refused", _REFUSED),
    ("0016_untried", _UNTRIED),
)
"""Name and SQL, oldest first."""


def applied(con: sqlite3.Connection) -> frozenset[str] | None:
    """The names of our migrations in the file; None if it is new; `SchemaError` if foreign."""
    tables = {name for (name,) in con.execute("select name from sqlite_master")}
    if not tables:
        return None
    names: frozenset[str] = frozenset()
    if "_sqlite_migrations" in tables:
        names = frozenset(
            name
            for (name,) in con.execute(
                "select name from _sqlite_migrations where migration_set = ?", (SET,)
            )
        )
    if not names:
        raise SchemaError(
            "is a database of another program. Nothing was changed. "
            "Set DATABASE_URL to a file of its own."
        )
    return names


def pending(con: sqlite3.Connection, migrations: Migrating = MIGRATIONS) -> list[str]:
    """What the file lacks, oldest first; `SchemaError` if it is foreign or newer than we are."""
    done = applied(con)
    if done is None:
        return [name for name, _ in migrations]
    newer = done - {name for name, _ in migrations}
    if newer:
        raise SchemaError(
            f"was written by a newer version of Commonplace (it has {', '.join(sorted(newer))}). "
            "Nothing was changed. Start the newer version, or restore a backup made before it."
        )
    return [name for name, _ in migrations if name not in done]


def apply(con: sqlite3.Connection, migrations: Migrating = MIGRATIONS) -> list[str]:
    """Bring the file up to date, all or nothing; safe in any number of processes at once.

    Returns:
        The names of the migrations applied by this call.
    """
    con.execute("begin immediate")
    try:
        names = pending(con, migrations)
        if names:
            from sqlite_utils import Database, Migrations  # noqa: PLC0415

            ours = Migrations(SET)
            for name, sql in migrations:
                ours(name=name)(_script(sql))
            ours.apply(Database(con, execute_plugins=False))
        con.execute("commit")
    except BaseException:
        if con.in_transaction:
            con.execute("rollback")
        raise
    return names
