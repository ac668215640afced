-- Since when an idea is shown, which may be long after it came in: members' own digests go by that.

alter table idea add column shown_since text;  -- null: no look at digests has seen it shown yet
update idea set shown_since = kept_at
where withdrawn is null and (ts is not null or refused = 1)
  and id not in (select idea_id from left_out);

drop index idea_by_coming;
create index idea_by_coming on idea (workspace, shown_since, channel) where withdrawn is null;

-- who had an idea in a digest of their own before it was put aside: it does not come to them again
create table told_idea (
  workspace text not null,
  idea_id integer not null references idea (id),
  member_id text not null,
  primary key (idea_id, member_id),
  foreign key (workspace, member_id) references subscription (workspace, member_id)
    on delete cascade
) strict, without rowid;
create index told_idea_by_member on told_idea (workspace, member_id);

drop trigger idea_without_doubt;
create trigger idea_without_doubt after update of doubtful on idea
when old.doubtful and not new.doubtful
begin
  update idea set digested = null, shown_since = null where id = new.id;
end;

create trigger idea_put_aside after update of withdrawn, doubtful on idea
when (old.withdrawn is null and new.withdrawn is not null) or (new.doubtful and not old.doubtful)
begin
  insert or ignore into told_idea select workspace, new.id, member_id from subscription
  where workspace = new.workspace and since >= new.shown_since and not old.doubtful
    and coalesce(new.withdrawn, '') not in ('removed', 'deleted');
  update idea set shown_since = null where id = new.id;
end;

create trigger idea_left_out after insert on left_out
begin
  insert or ignore into told_idea select s.workspace, i.id, s.member_id
  from idea i join subscription s on s.workspace = i.workspace and s.since >= i.shown_since
  where i.id = new.idea_id and not i.doubtful;
  update idea set shown_since = null where id = new.idea_id;
end;
