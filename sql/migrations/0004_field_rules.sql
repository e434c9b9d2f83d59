-- Rules on fields, used by the constraints of the event tables.

create function event.is_identifier(value text) returns boolean
    language sql immutable parallel safe
    return value ~ '^[^|#\u0001-\u0020\u007f][^|\u0001-\u0020\u007f]*$';
comment on function event.is_identifier(text) is 'Not empty, no blank or control character, no |, not starting with #. Null for null.';

create function event.is_country(value text) returns boolean
    language sql immutable parallel safe
    return value ~ '^[A-Z]{2}$';
comment on function event.is_country(text) is 'Two capitals, the shape of ISO 3166-1 alpha-2. Null for null.';

create function event.is_subdivision(value text, country text) returns boolean
    language sql immutable parallel safe
    return value ~ '^[A-Z]{2}-[A-Z0-9]{1,3}$' and left(value, 2) = country;
comment on function event.is_subdivision(text, text) is 'The shape of ISO 3166-2, in that country. Null for null.';

create function event.is_currency(value text) returns boolean
    language sql immutable parallel safe
    return value ~ '^[A-Z]{3}$';
comment on function event.is_currency(text) is 'Three capitals, the shape of ISO 4217. Null for null.';

create function event.parties_are_coded(parties jsonb) returns boolean
    language sql immutable parallel safe
    return not exists (
        select
        from jsonb_array_elements(parties) as p
        where not event.is_identifier(p -> 'org' ->> 'org_id')
           or not event.is_identifier(p -> 'org' ->> 'parent_org_id')
           or not event.is_country(p -> 'org' ->> 'country')
    );
comment on function event.parties_are_coded(jsonb) is 'Identifiers and countries of all parties have the right shape.';

create function event.facilities_are_coded(facilities jsonb) returns boolean
    language sql immutable parallel safe
    return not exists (
        select
        from jsonb_array_elements(facilities) as f
        where not event.is_identifier(f ->> 'facility_id')
           or not event.is_country(f -> 'place' ->> 'country')
           or not event.is_subdivision(f -> 'place' ->> 'subdivision', f -> 'place' ->> 'country')
    );
comment on function event.facilities_are_coded(jsonb) is 'Identifiers and places of all facilities have the right shape.';

create function event.longest(list text[]) returns integer
    language sql immutable parallel safe
    return (select coalesce(max(octet_length(item)), 0) from unnest(list) as item);
comment on function event.longest(text[]) is 'Bytes of the longest item.';

create function event.longest(document jsonb, path jsonpath) returns integer
    language sql immutable parallel safe
    return (select coalesce(max(octet_length(item #>> '{}')), 0) from jsonb_path_query(document, path) as item);
comment on function event.longest(jsonb, jsonpath) is 'Bytes of the longest text that the path finds.';
