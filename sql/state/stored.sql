-- For the functions of schema reporting that look at events as they are stored. PostgreSQL puts such a function's text in
-- place of its call, so that whoever asks for one agreement reads one agreement; the caller's rights then decide. The analyst
-- may select from these, but not name them: the schema stays closed.
create or replace view state.stored_agreement as select * from event.agreement;
create or replace view state.stored_training as select * from event.training;

comment on view state.stored_agreement is 'All agreement events, for reporting.agreement_as_of().';
comment on view state.stored_training is 'All training events, for reporting.training_headcount_as_of().';
call state.comment_like('state.stored_agreement', 'event.agreement');
call state.comment_like('state.stored_training', 'event.training');
grant select on state.event, state.stored_agreement, state.stored_training to coop_analyst;
