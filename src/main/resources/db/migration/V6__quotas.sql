-- What bounds the bytes of a user. A version that does not know these columns may write beside one that does: what it has
-- written shows by a null, or by a number that is not the row's, and is counted then.

-- What a newer task must know of a waiting one to take its place; null: it is in the payload.
alter table waiting_step add column if not exists refuses boolean;
alter table waiting_step add column if not exists requested_at_micros bigint;

-- Bytes of the cards of the book's generation. Right only while card_bytes_seq is the book's seq.
alter table book add column if not exists card_bytes bigint;
alter table book add column if not exists card_bytes_seq bigint;

-- What a chunk takes while it is staged, and by how much a commit lets the book's cards grow.
alter table upload_chunk add column if not exists staged_bytes bigint;
alter table upload_chunk add column if not exists growth_bytes bigint;

-- Whose it is and how much, until it is removed.
alter table garbage add column if not exists of_book bigint;
alter table garbage add column if not exists staged_bytes bigint;
create index if not exists garbage_by_book on garbage (of_book);
