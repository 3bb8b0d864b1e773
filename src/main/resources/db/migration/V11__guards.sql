-- What guards books. A version that does not know these tables and columns may run beside one that does.

-- How far the scrub has come through all books, and which instance is at it until when. At most one row.
create table if not exists scrub_round (
    id               integer primary key,
    last_book        bigint not null,
    began_millis     bigint not null,
    covered_millis   bigint,
    holder           varchar(64) not null,
    held_until_millis bigint not null
);

-- A book that did not agree with its contacts when it was scrubbed. Nothing but its row here is changed by the scrub.
create table if not exists scrub_finding (
    book_id        bigint primary key,
    seq            bigint not null,
    parts          varchar(200) not null,
    contacts       bigint not null,
    listed         varchar(4000) not null,
    found_at_millis   bigint not null,
    checked_at_millis bigint not null
);
create index if not exists scrub_finding_by_check on scrub_finding (checked_at_millis);

-- What a contact was before another device changed it, to find two devices that change it back and forth. Right only while the
-- sequence number in it is the row's. Null: nothing is known.
alter table contact add column if not exists alternation bytea;
