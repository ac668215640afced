-- A workspace is of one platform, which may have something of its own to remember.

alter table workspace add column platform text not null default 'slack';

-- What a platform's handler must remember between runs, and nobody else reads.
create table note (
  workspace text not null references workspace (id),
  kind text not null,
  key text not null,
  value text not null,
  primary key (workspace, kind, key)
) strict, without rowid;
