-- Readings go through a book in the order of an index, from where the last slice ended, whatever its size. The uid is a part of
-- the order: a first upload has one sequence number for all its contacts. Without the generation, as before.
create index contact_by_change on contact (book_id, seq, uid);
drop index contact_by_seq;
create index contact_by_position on contact (book_id, position, uid);
