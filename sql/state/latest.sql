-- The aggregate gives the last value that is not null, in the order it is given.
create or replace function state.keep_later(earlier anyelement, later anyelement) returns anyelement
    language sql immutable strict parallel safe
    as 'select later';

create or replace aggregate state.latest(anyelement) (sfunc = state.keep_later, stype = anyelement, parallel = safe);

comment on function state.keep_later(anyelement, anyelement) is 'The second of two values.';
comment on aggregate state.latest(anyelement) is 'The last value that is not null, in the order given.';
