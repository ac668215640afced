-- The full-text index, which only SQLite has. It must hold exactly the ideas that are not withdrawn,
-- so its content is a view of those: its own integrity check then compares the two. Its row id is the
-- idea's moment, so that the newest hits of a common word come first without reading the rest.

create view idea_words_source as
  select moment, text, author_name, tags, credits, school, district
  from idea where withdrawn is null;

create virtual table idea_words using fts5 (
  text, author_name, tags, credits, school, district,
  content = 'idea_words_source', content_rowid = 'moment',
  tokenize = 'porter unicode61 remove_diacritics 2'
);

create trigger idea_words_add after insert on idea when new.withdrawn is null begin
  insert into idea_words (rowid, text, author_name, tags, credits, school, district)
  values (new.moment, new.text, new.author_name, new.tags, new.credits, new.school, new.district);
end;

create trigger idea_words_change
after update of moment, text, author_name, tags, credits, school, district, withdrawn on idea
when old.moment <> new.moment or old.text <> new.text or old.author_name <> new.author_name
  or old.tags <> new.tags or old.credits <> new.credits or old.school <> new.school
  or old.district <> new.district or (old.withdrawn is null) <> (new.withdrawn is null)
begin
  insert into idea_words (idea_words, rowid, text, author_name, tags, credits, school, district)
  select 'delete', old.moment, old.text, old.author_name, old.tags, old.credits, old.school,
    old.district
  where old.withdrawn is null;
  insert into idea_words (rowid, text, author_name, tags, credits, school, district)
  select new.moment, new.text, new.author_name, new.tags, new.credits, new.school, new.district
  where new.withdrawn is null;
end;
