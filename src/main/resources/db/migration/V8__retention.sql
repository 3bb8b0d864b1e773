-- What keeps the tables from growing. A version that does not know these may run beside one that does.

-- How far the removal of what nobody reads has come: it goes on behind this uid. Null: at the beginning.
alter table garbage add column if not exists removed_to bytea;

-- When a book was seen at a sequence number: its tombstones up to there are at least so old. Null: they are removed.
create table if not exists feed_mark (
    book_id   bigint not null,
    seq       bigint not null,
    at_millis bigint,
    primary key (book_id, seq)
);
create index if not exists feed_mark_by_time on feed_mark (at_millis, book_id);
