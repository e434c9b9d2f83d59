create or replace function state.fold_training(targets uuid[]) returns void
    language plpgsql
as $$
declare
    changes state.training_change[];
begin
    changes := state.fold_effective('training', targets, 'c.event_id, c.programme_id, c.cohort_id, c.stage, c.audience, c.place_subdivision, '
        'c.subject_code, c.provider_country, '
        'case when c.stage = ''CERTIFIED'' then date_trunc(''month'', c.occurred_at at time zone ''Asia/Karachi'')::date end, '
        'c.headcount, c.headcount_female, c.minutes_per_person, c.agreement_id', changes);
    changes := array(select c from unnest(changes) as c where c.sign <> 0);

    insert into state.training_sum as s (programme_id, stage, audience, province, subject_code, provider_country, month,
        events, headcount, headcount_female, person_minutes, unnumbered)
    select c.programme_id, c.stage, c.audience, c.province, c.subject_code, c.provider_country, c.month,
           sum(c.sign), sum(c.sign * c.headcount::bigint), coalesce(sum(c.sign * c.headcount_female::bigint), 0),
           coalesce(sum(c.sign * c.headcount::numeric * c.minutes_per_person), 0), coalesce(sum(c.sign) filter (where c.headcount = 0), 0)
    from unnest(changes) as c
    group by 1, 2, 3, 4, 5, 6, 7
    on conflict (programme_id, stage, audience, province, subject_code, provider_country, month) do update
        set events = s.events + excluded.events, headcount = s.headcount + excluded.headcount,
            headcount_female = s.headcount_female + excluded.headcount_female,
            person_minutes = s.person_minutes + excluded.person_minutes, unnumbered = s.unnumbered + excluded.unnumbered;
    insert into state.cohort as s (programme_id, cohort_id, events, enrolled, completed, dropped, certified)
    select c.programme_id, c.cohort_id, sum(c.sign),
           coalesce(sum(c.sign * c.headcount::bigint) filter (where c.stage = 'ENROLLED'), 0),
           coalesce(sum(c.sign * c.headcount::bigint) filter (where c.stage = 'COMPLETED'), 0),
           coalesce(sum(c.sign * c.headcount::bigint) filter (where c.stage = 'DROPPED'), 0),
           coalesce(sum(c.sign * c.headcount::bigint) filter (where c.stage = 'CERTIFIED'), 0)
    from unnest(changes) as c
    group by 1, 2
    on conflict (programme_id, cohort_id) do update
        set events = s.events + excluded.events, enrolled = s.enrolled + excluded.enrolled,
            completed = s.completed + excluded.completed, dropped = s.dropped + excluded.dropped,
            certified = s.certified + excluded.certified;
    delete from state.training_sum as s
    using unnest(changes) as c
    where c.sign < 0 and s.events = 0 and s.programme_id = c.programme_id and s.stage = c.stage and s.audience = c.audience;
    delete from state.cohort as s
    using unnest(changes) as c
    where c.sign < 0 and s.events = 0 and s.programme_id = c.programme_id and s.cohort_id = c.cohort_id;

    insert into state.quality_issue (issue, event_type, subject, event_id, entity, detail)
    select 'NO_SUCH_AGREEMENT', 'training', c.event_id, c.event_id, c.agreement_id, 'training names an agreement that no event describes'
    from unnest(changes) as c
    where c.sign > 0 and c.agreement_id is not null
      and (select true from state.agreement as a where a.agreement_id = c.agreement_id limit 1) is null;
    perform state.clear_issues(array(select c.event_id from unnest(changes) as c where c.sign < 0),
        'training', array['NO_SUCH_AGREEMENT']);
end
$$;
comment on function state.fold_training(uuid[]) is 'Folds the training events that arrived; for targets see state.fold_effective().';
