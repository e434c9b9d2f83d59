-- The day is asked for once, not a row: (select ...). In no order: reporting.agreement_pipeline_summary needs none.
create or replace view state.agreement_in_pipeline as
select a.agreement_id,
       a.agreement_type,
       a.title,
       a.status,
       s.rank as status_rank,
       s.label_en as status_label,
       (select reporting.report_date()) - (a.status_since at time zone 'Asia/Karachi')::date as days_in_status,
       a.first_expected_signing,
       a.expected_signing,
       a.expected_signing_precision,
       a.signed_date,
       a.effective_date,
       case
           when a.signed_date is not null then a.signed_date - a.first_expected_signing
           when a.expected_signing is not null and coalesce(s.rank, 0) < 40
               then greatest(a.expected_signing, (select reporting.report_date())) - a.first_expected_signing
       end as slippage_days,
       coalesce(a.signed_date is null and a.expected_signing < (select reporting.report_date()) and coalesce(s.rank, 0) < 40, false) as is_overdue,
       a.value_amount,
       a.value_currency,
       a.value_basis,
       a.events,
       a.last_event_at,
       a.expiry_date,
       a.parent_agreement_id,
       a.topics,
       a.amendment_no
from state.agreement as a
left join reference.stage as s on s.event_type = 'agreement' and s.stage = a.status;
comment on view state.agreement_in_pipeline is 'What reporting.agreement_pipeline lists.';

create or replace view reporting.agreement_pipeline as
select * from state.agreement_in_pipeline
order by status_rank nulls last, agreement_id;

comment on view reporting.agreement_pipeline is 'Which agreements are where, how long, how late? One row an agreement.';
comment on column reporting.agreement_pipeline.agreement_id               is 'Agreement.';
comment on column reporting.agreement_pipeline.agreement_type             is 'Kind of instrument, code list agreement_type.';
comment on column reporting.agreement_pipeline.title                      is 'Title.';
comment on column reporting.agreement_pipeline.status                     is 'Status as last stated.';
comment on column reporting.agreement_pipeline.status_rank                is 'Order of the status; null for an unknown symbol.';
comment on column reporting.agreement_pipeline.status_label               is 'Label of the status in English; other languages in reference.stage.';
comment on column reporting.agreement_pipeline.days_in_status             is 'Days from the last change of status to the report date.';
comment on column reporting.agreement_pipeline.first_expected_signing     is 'Signing date first expected.';
comment on column reporting.agreement_pipeline.expected_signing           is 'Signing date expected now; last day of a period.';
comment on column reporting.agreement_pipeline.expected_signing_precision is 'How exact expected_signing is.';
comment on column reporting.agreement_pipeline.signed_date                is 'Day of signature.';
comment on column reporting.agreement_pipeline.effective_date             is 'Day of entry into force.';
comment on column reporting.agreement_pipeline.slippage_days              is 'Days between the signing first expected and the signature, or while unsigned the later of the date expected now and the report date; null when nothing is expected.';
comment on column reporting.agreement_pipeline.is_overdue                 is 'Not signed, not ended, and the expected day is before the report date.';
comment on column reporting.agreement_pipeline.value_amount               is 'Amount, in value_currency, three decimals.';
comment on column reporting.agreement_pipeline.value_currency             is 'ISO 4217.';
comment on column reporting.agreement_pipeline.value_basis                is 'What the amount stands for, code list value_basis.';
comment on column reporting.agreement_pipeline.events                     is 'Events that count. Number.';
comment on column reporting.agreement_pipeline.last_event_at              is 'The latest of them. UTC instant, shown in the session''s time zone.';
comment on column reporting.agreement_pipeline.expiry_date                is 'Last day of validity.';
comment on column reporting.agreement_pipeline.parent_agreement_id        is 'Agreement under which it hangs.';
comment on column reporting.agreement_pipeline.topics                     is 'Tags.';
comment on column reporting.agreement_pipeline.amendment_no               is 'Greatest number of a formal amendment stated.';
call state.comment_like('state.agreement_in_pipeline', 'reporting.agreement_pipeline');
