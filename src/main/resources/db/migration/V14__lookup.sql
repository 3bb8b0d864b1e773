-- What contacts are looked up by. Derived from the contacts, and derived again whenever it is missing: a version that does not know these
-- tables may run beside one that does, and both tables may be emptied at any time.

-- How far the entries of a book are: contacts that were changed up to `seq`, and of the next number those up to `uid`, are in them. Books in
-- which nobody looks anything up have no row. `version` is that of the entries' form and of the numbers' metadata.
create table if not exists lookup_index (
    book_id      bigint not null primary key,
    generation   bigint not null,
    version      bigint not null,
    epoch        bigint not null,
    oldest_epoch bigint not null,
    began_seq    bigint not null,
    began_millis bigint not null,
    seq          bigint not null,
    uid          bytea,
    entry_bytes  bigint not null
);

-- A number, an address or a word of a contact. Right only while the contact has that `seq`. Entries of an epoch that is over are removed in
-- small steps.
create table if not exists lookup_entry (
    book_id bigint       not null,
    epoch   bigint       not null,
    uid     bytea        not null,
    entry   bytea        not null,
    seq     bigint       not null,
    label   varchar(160) not null,
    name    varchar(400) not null,
    marks   integer      not null,
    primary key (book_id, epoch, uid, entry)
);
create index if not exists lookup_entry_by_entry on lookup_entry (book_id, epoch, entry, uid);
