-- Whose idea it is since a coordinator gave it to somebody; empty: they were erased since. A withdrawn
-- idea does not say that itself, and returns to nobody else.

alter table care add column given_to text not null default '';
update care set given_to = coalesce(
  (select n.member_id from care n
    where n.idea_id = care.idea_id and n.what = 'moved' and n.id > care.id order by n.id limit 1),
  (select author_id from idea where id = care.idea_id), '')
where what = 'moved';
