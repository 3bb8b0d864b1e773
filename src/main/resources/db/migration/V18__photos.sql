-- Photos of contacts. No row of another table refers to these: which cards use a photo is read from the cards. A version that does not know
-- these tables may run beside one that does.

-- A photo of a user, by the SHA-256 of its bytes. `used_millis` is when it was last sent, asked for with HEAD, or found in a card.
create table if not exists photo (
    book_id     bigint      not null,
    digest      bytea       not null,
    upload_id   uuid        not null,
    media_type  varchar(32) not null,
    photo_bytes bigint      not null,
    used_millis bigint      not null,
    primary key (book_id, digest)
);
create index if not exists photo_by_use on photo (used_millis, book_id);

-- A photo that is being sent, and the bytes that it may take of the user's quota. What is left of it after `until_millis` is removed.
create table if not exists photo_upload (
    book_id      bigint not null,
    upload_id    uuid   not null,
    photo_bytes  bigint not null,
    until_millis bigint not null,
    primary key (book_id, upload_id)
);
create index if not exists photo_upload_by_time on photo_upload (until_millis);

-- The bytes of photos, of those that are being sent too: pieces of 256 KiB, from number 0 on.
create table if not exists photo_piece (
    book_id   bigint  not null,
    upload_id uuid    not null,
    number    integer not null,
    bytes     bytea   not null,
    primary key (book_id, upload_id, number)
);
