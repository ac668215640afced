-- What somebody has saved for later: a list that they alone see.

create table saved_idea (
  workspace text not null,
  member_id text not null,
  idea_id integer not null references idea (id),
  saved_at text not null,
  primary key (workspace, member_id, idea_id)
) strict, without rowid;
create index saved_idea_by_idea on saved_idea (idea_id);

-- the platform's id of a photo, by which it draws that photo again; empty for what is none
alter table resource add column photo text not null default '';
