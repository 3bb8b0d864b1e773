-- Devices that were seen, and accounts that were erased. A version that does not know these tables may run beside one that does: it tells
-- nothing of devices, and leaves the rest of an erased account to the others.

-- When a device sent a request, to within some minutes, and the check code that it had then. At most some 50 of a book.
create table if not exists seen_device (
    book_id     bigint      not null,
    device      varchar(64) not null,
    seen_millis bigint      not null,
    kind        varchar(16) not null,
    code        varchar(47),
    primary key (book_id, device)
);

-- A book that was erased and has no row in `book` any more; what is left of it is removed in small steps, and looked for once more at
-- `next_millis`. Nothing here says whose it was.
create table if not exists erased_book (
    book_id     bigint not null primary key,
    at_millis   bigint not null,
    next_millis bigint not null
);
create index if not exists erased_book_by_time on erased_book (next_millis);

-- Of a user who erased an account: one of 65,536 numbers, which many users share. Whose number is here may not apply changes to a book
-- that was made for another one.
create table if not exists erasure_mark (
    mark integer not null primary key
);
