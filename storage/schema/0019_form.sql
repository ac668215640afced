-- what an author added to an idea in the form: an edit of the post leaves it
alter table tag add column by_hand integer not null default 0 check (by_hand in (0, 1));
alter table resource add column by_hand integer not null default 0 check (by_hand in (0, 1));
alter table credit add column by_hand integer not null default 0 check (by_hand in (0, 1));
