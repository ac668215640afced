-- Who had everything about them erased: of each a salted hash, and until when nothing of theirs is
-- kept any more. The same stands in a file beside the database, for copies that are older.

create table erased (
  hash text primary key,                 -- of workspace and member, with the salt
  salt text not null,
  at text not null,                      -- what they posted by then is refused for ever
  keeps_nothing integer not null default 0  -- and what they post later, until they say otherwise
) strict, without rowid;

alter table upkeep add column salts text not null default '[]';  -- every salt in use, as JSON
