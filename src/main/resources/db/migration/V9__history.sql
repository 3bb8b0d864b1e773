-- What a book was. A version that does not know these may run beside one that does: what it changes is missing here, and a state that is
-- put together over such a gap does not have the code that is recorded for it.

-- One row for each task that changed the book: when, who, and the codes before and after it. `generation` is that of the contacts after
-- it; `bytes_before` is the book's history_bytes before it.
create table if not exists book_change (
    book_id       bigint      not null,
    seq           bigint      not null,
    at_micros     bigint      not null,
    generation    bigint      not null,
    kind          varchar(16) not null,
    task_id       uuid        not null,
    device        varchar(64),
    code_before   varchar(47) not null,
    code_after    varchar(47) not null,
    contact_count bigint      not null,
    puts          bigint      not null,
    deletes       bigint      not null,
    bytes_before  bigint      not null,
    primary key (book_id, seq)
);

-- A contact as it was from one sequence number of its book until another one, whose task replaced or deleted it.
create table if not exists contact_version (
    book_id      bigint  not null,
    until_seq    bigint  not null,
    uid          bytea   not null,
    from_seq     bigint  not null,
    card         bytea   not null,
    content_hash bytea   not null,
    position     integer not null,
    entry_sum    bytea   not null,
    device       varchar(64),
    primary key (book_id, until_seq, uid)
);
create index if not exists contact_version_by_uid on contact_version (book_id, uid, until_seq);

-- A generation that a full upload has replaced: its contacts stay until the history of that upload is removed.
create table if not exists retired_generation (
    book_id      bigint not null,
    generation   bigint not null,
    seq          bigint not null,
    staged_bytes bigint not null,
    primary key (book_id, generation)
);

-- Bytes that have ever been added to the book's history: it only grows. What is kept is that minus the bytes_before of the oldest row.
alter table book add column if not exists history_bytes bigint;
