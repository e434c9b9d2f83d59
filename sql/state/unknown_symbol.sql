create or replace view state.unknown_symbol as
select used.event_type, used.event_id, used.field || '=' || used.symbol as symbol
from (
    select 'outreach' as event_type, e.event_id, u.*
    from event.outreach as e
    cross join lateral (values
        ('occurred_precision', 'date_precision', e.occurred_precision),
        ('stage', 'outreach_stage', e.stage),
        ('channel', 'channel', e.channel),
        ('initiator.org_type', 'org_type', e.initiator_org_type),
        ('recipient.org_type', 'org_type', e.recipient_org_type),
        ('count_basis', 'count_basis', e.count_basis),
        ('engagement_precision', 'date_precision', e.engagement_precision)) as u (field, list, symbol)
    union all
    select 'outreach', e.event_id, 'audience_sectors', 'sector', sector
    from event.outreach as e
    cross join lateral unnest(e.audience_sectors) as sector
    union all
    select 'agreement', e.event_id, u.*
    from event.agreement as e
    cross join lateral (values
        ('occurred_precision', 'date_precision', e.occurred_precision),
        ('agreement_type', 'agreement_type', e.agreement_type),
        ('change_kind', 'change_kind', e.change_kind),
        ('status', 'agreement_stage', e.status),
        ('expected_signing_precision', 'date_precision', e.expected_signing_precision),
        ('value.basis', 'value_basis', e.value_basis)) as u
    union all
    select 'agreement', e.event_id, u.*
    from event.agreement as e
    cross join lateral jsonb_array_elements(e.parties) as p
    cross join lateral (values
        ('parties.role', 'party_role', p ->> 'role'),
        ('parties.org.org_type', 'org_type', p -> 'org' ->> 'org_type')) as u
    union all
    select 'agreement', e.event_id, u.*
    from event.agreement as e
    cross join lateral jsonb_array_elements(e.facilities) as f
    cross join lateral (values
        ('facilities.facility_type', 'facility_type', f ->> 'facility_type'),
        ('facilities.ownership', 'ownership', f ->> 'ownership'),
        ('facilities.facility_status', 'facility_status', f ->> 'facility_status')) as u
    union all
    select 'training', e.event_id, u.*
    from event.training as e
    cross join lateral (values
        ('occurred_precision', 'date_precision', e.occurred_precision),
        ('stage', 'training_stage', e.stage),
        ('audience', 'audience', e.audience),
        ('delivery_mode', 'delivery_mode', e.delivery_mode),
        ('provider.org_type', 'org_type', e.provider_org_type),
        ('beneficiary.org_type', 'org_type', e.beneficiary_org_type),
        ('cost.basis', 'value_basis', e.cost_basis)) as u
) as used
where used.symbol is not null
  and not exists (select from reference.symbol as s where s.list = used.list and s.symbol = used.symbol);

comment on view state.unknown_symbol is 'Symbols in stored events that no code list knows.';
comment on column state.unknown_symbol.event_type is 'outreach, agreement or training.';
comment on column state.unknown_symbol.event_id   is 'Event.';
comment on column state.unknown_symbol.symbol     is 'Field and symbol, e.g. stage=WAITLISTED.';
