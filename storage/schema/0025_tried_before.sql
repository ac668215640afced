-- how many had tried an idea by the file that brought it in: trials that are told here add to that
alter table idea add column tried_before integer not null default 0;
update idea set tried_before = max(0, tried - (select count(*) from trial where idea_id = idea.id))
where tried > 0 and source = 'import';
