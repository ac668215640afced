-- What pages that people outside can open show of a member; null: they were not asked, or are silent.

alter table member add column shown text check (shown in ('name', 'school', 'nobody'));
