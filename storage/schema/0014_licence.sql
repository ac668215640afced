-- Under which terms members give what they share, as they said; as of its day on each idea. Empty,
-- and null for a member: they did not say.

alter table member add column licence text;
alter table idea add column licence text not null default '';

drop view idea_list;

create view idea_list as
  select i.number, substr(i.posted_at, 1, 10) as day,
    date(i.posted_at, '-6 days', 'weekday 1') as week,
    coalesce(nullif(i.author_name, ''), nullif(m.name, ''), i.author_id) as author, i.school,
    coalesce(nullif(c.name, ''), i.channel) as channel, i.kind, i.text, (
      select nullif(json_group_array(t.tag), '[]') from tag t where t.idea_id = i.id
    ) as tags, (
      select nullif(json_group_array(coalesce(p.name, k.component)), '[]') from idea_component k
        left join component p on p.code = k.component
      where k.idea_id = i.id
    ) as parts, i.resources, i.credits, i.prompt, i.reactions, i.replies, i.tried, i.permalink,
    i.posted_at, i.source, i.components, i.workspace, i.moment, i.licence
  from idea i
    join channel c on c.workspace = i.workspace and c.id = i.channel
    left join member m on m.workspace = i.workspace and m.id = i.author_id
  where i.withdrawn is null;
