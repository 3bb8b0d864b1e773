-- Photos whose pieces are in a store outside of the database. A version that does not know this table may run beside one that does.

-- An upload whose pieces 0 to `pieces` - 1 that store may have; written before the first of them, removed after the last. It names no book, so
-- that it may outlive an erasure until the pieces are gone: whether they are used is asked of `photo` and `photo_upload`. `place` is the endpoint and
-- the bucket: in any other one nothing of it is read or removed.
create table if not exists photo_object (
    upload_id    uuid    not null primary key,
    pieces       integer not null,
    begun_millis bigint  not null,
    place        varchar(400) not null
);
create index if not exists photo_by_upload on photo (upload_id);
create index if not exists photo_upload_by_id on photo_upload (upload_id);
