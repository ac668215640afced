-- What a share shows, and what whoever opens it may do with that.

alter table share add column shows text not null default '';          -- filters, as one types them
alter table share add column public integer not null default 0;       -- search engines may list it
alter table share add column downloads integer not null default 0;    -- its ideas may be taken as files
