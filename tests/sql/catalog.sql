-- The catalog has every column that an analyst can read, and nothing that nobody explains.
begin;
set search_path = tap, public;
select plan(3);

set local role coop_analyst;
select count(*) as seen,
       coalesce(string_agg(view || '.' || column_name, ', ') filter (where meaning is null or view_meaning is null), '') as unexplained,
       max(meaning) filter (where view = 'agreement_pipeline' and column_name = 'value_amount') as amount
from reporting.catalog \gset
reset role;
select is(:seen, (select count(*)::integer from information_schema.columns where table_schema = 'reporting'), 'every column has its row');
select is(:'unexplained'::text, '', 'columns without a meaning');
select is(:'amount'::text, 'Amount, in value_currency, three decimals.', 'a meaning with its unit');

select * from finish();
rollback;
