-- The grades of a member's school, as of the day on each idea; and whether a member was asked about
-- themselves, which happens once.

alter table member add column grades text
  check (grades in ('elementary', 'middle', 'high', 'several'));
alter table member add column asked integer not null default 0 check (asked in (0, 1));
alter table idea add column grades text
  check (grades in ('elementary', 'middle', 'high', 'several'));
