-- The scorecard looked up the state of the agreement of every party. It is worked out together with the parties.

alter table state.agreement_party add column status text;
update state.agreement_party as p set status = a.status from state.agreement as a where a.agreement_id = p.agreement_id;
comment on column state.agreement_party.status is 'State of the agreement, see state.agreement.';
