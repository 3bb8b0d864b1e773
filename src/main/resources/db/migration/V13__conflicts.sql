-- What conflicts leave behind. A version that does not know these may run beside one that does: it writes no origin, and when it removes a
-- change, the cards of that change stay until a version that knows them shortens the history.

-- A card that lost a conflict, with the task that decided against it. It was never in the book.
create table if not exists lost_version (
    book_id      bigint not null,
    seq          bigint not null,
    uid          bytea  not null,
    card         bytea  not null,
    content_hash bytea  not null,
    primary key (book_id, seq, uid)
);
create index if not exists lost_version_by_uid on lost_version (book_id, uid, seq);

-- 'restore': the task restored what was. Null: it did not, or a version that does not know this wrote the row.
alter table book_change add column if not exists origin varchar(16);
