-- What was brought in from files, each under a key made of what it says, so that it comes in once.

create table imported (
  workspace text not null,
  key text not null,
  idea_id integer not null references idea (id),
  primary key (workspace, key)
) strict, without rowid;
create index imported_by_idea on imported (idea_id);
