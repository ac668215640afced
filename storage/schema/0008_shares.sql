-- Pages that people outside can open. Of the secret in a page's address only a hash is kept.

create table share (
  number integer primary key,
  token text not null unique,            -- its SHA-256
  workspace text not null,
  channel text not null,
  kind text not null,
  starts_at text not null,
  ends_at text not null,
  sites text not null default '',        -- whose pages may show it in a frame
  private integer not null default 0,    -- made for a private channel, by somebody who said so
  made_by text not null default '',      -- empty: the operator
  made_at text not null,
  revoked_at text,
  opened integer not null default 0,
  foreign key (workspace, channel) references channel (workspace, id)
) strict;
create index share_by_channel on share (workspace, channel);
