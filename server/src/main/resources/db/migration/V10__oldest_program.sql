-- Which programs these tables still serve. A migration only adds; one that a former program cannot work with raises the number
-- to its own, and pairs then cannot be mixed across it.
create table schema_compatibility (
    one            boolean primary key default true check (one),
    oldest_program int     not null
);
insert into schema_compatibility (oldest_program) values (10);
comment on table schema_compatibility is 'One row. A program that knows these tables up to this version, or beyond, may start on them, however new they are.';
