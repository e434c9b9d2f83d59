-- Each row is reached by an index of its own. From a delete that joins, PostgreSQL goes through all issues of a kind while it takes
-- them for few.
create or replace function state.clear_issues(subjects uuid[], a_type text, issues text[]) returns void
    language plpgsql
as $$
begin
    delete from state.quality_issue
    where ctid = any (array(
        select q.at
        from unnest(subjects) as s (subject)
        cross join lateral (
            select i.ctid as at
            from state.quality_issue as i
            where i.subject = s.subject and i.event_type = a_type and i.issue = any (issues)
            offset 0
        ) as q));
end
$$;
comment on function state.clear_issues(uuid[], text, text[]) is 'Forgets these issues of events of a type.';

create or replace function state.subjects_of(entities text[], a_type text, an_issue text) returns setof uuid
    language plpgsql stable
as $$
begin
    return query
    select q.subject
    from unnest(entities) as e (entity)
    cross join lateral (
        select i.subject
        from state.quality_issue as i
        where i.entity = e.entity and i.event_type = a_type and i.issue = an_issue
        offset 0
    ) as q;
end
$$;
comment on function state.subjects_of(text[], text, text) is 'The events that have this issue, of these entities of a type.';
