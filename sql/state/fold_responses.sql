create or replace function state.fold_responses(responses state.response[]) returns void
    language plpgsql
as $$
declare
    times state.duration_change[];
begin
    if responses is null then
        return;
    end if;
    with change as materialized (
        select 1 as sign, r.campaign_id, r.channel, (extract(epoch from r.responded_at - r.invited_at) * 1000000)::bigint as microseconds
        from unnest(responses) as r
        where r.invited_at is not null
        union all
        select -1, r.campaign_id, r.old_channel, (extract(epoch from r.old_responded_at - r.old_invited_at) * 1000000)::bigint
        from unnest(responses) as r
        where r.old_invited_at is not null
    ),
    counted as (
        insert into state.response_count as c (campaign_id, channel, invited, responded)
        select c.campaign_id, c.channel, sum(c.sign), coalesce(sum(c.sign) filter (where c.microseconds is not null), 0)
        from change as c
        group by 1, 2
        having sum(c.sign) <> 0 or sum(c.sign) filter (where c.microseconds is not null) <> 0
        on conflict (campaign_id, channel) do update
            set invited = c.invited + excluded.invited, responded = c.responded + excluded.responded
    )
    select array_agg(row('response', t.campaign_id, t.channel, t.bucket, t.added, t.removed)::state.duration_change) into times
    from (
        select c.campaign_id, c.channel, state.bucket_of(c.microseconds) >> 5 as bucket,
               array_agg(c.microseconds) filter (where c.sign > 0) as added,
               array_agg(c.microseconds) filter (where c.sign < 0) as removed
        from change as c
        where c.microseconds is not null
        group by 1, 2, 3
    ) as t;
    delete from state.response_count as c where c.invited = 0;
    perform state.fold_durations(times);
end
$$;
comment on function state.fold_responses(state.response[]) is 'Folds what changes in the answers of firms to their invitations.';
