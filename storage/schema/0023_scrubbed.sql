-- How many erasures have left the index, the file and its log. Both counts only grow, so that two
-- programs that scrub at once take none for done that came in meanwhile.
alter table upkeep add column scrubbed integer not null default 0;
