-- Whether a channel has its book on the page beside it, and how far that was written.

alter table channel add column book integer not null default 0 check (book in (0, 1));

create table book (
  workspace text not null,
  channel text not null,
  page text not null default '',         -- the platform's id of the page
  edition integer not null default 0,    -- what the sections of ours are found by; 0: none are there
  sections integer not null default 0,   -- how many were written
  told text not null default '',         -- the trouble that coordinators were told; empty: none
  primary key (workspace, channel),
  foreign key (workspace, channel) references channel (workspace, id)
) strict, without rowid;
