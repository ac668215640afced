-- The list of ideas for people who look into the file.

create view idea_list as
  select i.number, substr(i.posted_at, 1, 10) as day,
    coalesce(nullif(i.author_name, ''), nullif(m.name, ''), i.author_id) as author, i.school,
    coalesce(nullif(c.name, ''), i.channel) as channel, i.kind, i.text, i.tags, (
      select group_concat(coalesce(p.name, k.component), '; ') from idea_component k
        left join component p on p.code = k.component
      where k.idea_id = i.id
    ) as parts, i.resources, i.credits, i.prompt, i.reactions, i.replies, i.tried, i.permalink,
    i.posted_at, i.source, i.components, i.workspace
  from idea i
    join channel c on c.workspace = i.workspace and c.id = i.channel
    left join member m on m.workspace = i.workspace and m.id = i.author_id
  where i.withdrawn is null;
