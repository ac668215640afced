-- Who says that an imported idea without an author is theirs, and waits for a coordinator's yes.

create table author_claim (
  workspace text not null,
  idea_id integer not null references idea (id),
  member_id text not null,
  at text not null,
  primary key (idea_id, member_id)
) strict, without rowid;
create index author_claim_by_member on author_claim (workspace, member_id);
