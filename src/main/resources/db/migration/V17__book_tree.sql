-- Digest trees of large books, so that the first answer of an instance need not read all contacts. Derived from the contacts and written in
-- the background, never by a change: a version that does not know this table may run beside one that does, and it may be emptied at any time.

-- Each of the `nodes` is right for the contacts of `generation`, except those that were changed after `seq`. `form` says what the bytes mean.
create table if not exists book_tree (
    book_id    bigint  not null primary key,
    generation bigint  not null,
    seq        bigint  not null,
    form       integer not null,
    nodes      bytea   not null,
    checksum   bytea   not null
);
