package org.contactsync.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.checkcode.Position;
import org.contactsync.contact.Uid;
import org.contactsync.sync.BookPages;
import org.contactsync.sync.Contacts;
import org.contactsync.sync.StoredContact;

/**
 * Contacts in the table {@code contact}. Rows are persisted or changed in place, in JDBC batches; never merged, which would
 * read each one again. Thread-safe, as the container's entity manager is.
 */
final class JpaContacts implements Contacts, BookPages {
    private static final String OF_BOOK = " from Contact c where c.bookId = :book and c.generation = :generation";

    private final EntityManager em;

    JpaContacts(EntityManager em) {
        this.em = em;
    }

    @Override
    public Map<Uid, StoredContact> find(long book, long generation, Collection<Uid> uids) {
        Map<Uid, StoredContact> found = new HashMap<>();
        rows("", "", book, generation, uids).forEach(row -> {
            StoredContact contact = row.contact();
            found.put(contact.uid(), contact);
        });
        return found;
    }

    @Override
    public Map<Uid, ContentHash> hashes(long book, long generation, Collection<Uid> uids) {
        Map<Uid, ContentHash> found = new HashMap<>();
        ofBook("select c.uid, c.contentHash", " and c.uid in :uids and c.contentHash is not null", book, generation)
                .setParameter("uids", bytes(uids))
                .getResultList()
                .forEach(row -> found.put(Uid.of((byte[]) row[0]), ContentHash.of((byte[]) row[1])));
        return found;
    }

    @Override
    public void write(long book, long generation, Collection<StoredContact> contacts, Collection<Uid> existing) {
        for (StoredContact contact : contacts) {
            ContactRow row = existing.contains(contact.uid())
                    ? em.find(ContactRow.class, new ContactKey(book, generation, contact.uid()))
                    : null;
            if (row == null) {
                em.persist(new ContactRow(book, generation, contact));
            } else {
                row.become(contact);
            }
        }
        flushAndForget();
    }

    @Override
    public void insert(long book, long generation, Collection<StoredContact> contacts) {
        contacts.forEach(contact -> em.persist(new ContactRow(book, generation, contact)));
        flushAndForget();
    }

    @Override
    public List<StoredContact> changedSince(long book, long generation, long seq, Optional<Uid> after, int most) {
        TypedQuery<ContactRow> query = em.createQuery(
                        "select c" + OF_BOOK + " and c.seq > :seq"
                                + (after.isPresent() ? " and (c.seq > :next or c.uid > :after)" : "")
                                + " order by c.seq, c.uid",
                        ContactRow.class)
                .setParameter("book", book)
                .setParameter("generation", generation)
                .setParameter("seq", seq)
                .setMaxResults(most);
        after.ifPresent(uid -> query.setParameter("next", seq + 1).setParameter("after", uid.utf8()));
        return query.getResultList().stream().map(ContactRow::contact).toList();
    }

    @Override
    public List<StoredContact> contacts(long book, long generation, Optional<Uid> after, int most) {
        TypedQuery<ContactRow> query = em.createQuery(
                        "select c" + OF_BOOK + " and c.contentHash is not null"
                                + (after.isPresent() ? " and c.uid > :after" : "") + " order by c.uid",
                        ContactRow.class)
                .setParameter("book", book)
                .setParameter("generation", generation)
                .setMaxResults(most);
        after.ifPresent(uid -> query.setParameter("after", uid.utf8()));
        return query.getResultList().stream().map(ContactRow::contact).toList();
    }

    @Override
    public Optional<StoredContact> contact(long book, long generation, Uid uid) {
        return Optional.ofNullable(em.find(ContactRow.class, new ContactKey(book, generation, uid)))
                .map(ContactRow::contact)
                .filter(contact -> contact.now().isPresent());
    }

    @Override
    public List<Leaf> leaves(long book, long generation, List<String> prefixes) {
        List<Leaf> leaves = new ArrayList<>();
        for (String prefix : prefixes) {
            int free = 4 * (Position.DIGITS - prefix.length());
            int first = prefix.isEmpty() ? 0 : Integer.parseInt(prefix, 16) << free;
            ofBook(
                            "select c.uid, c.contentHash, c.position, c.entrySum",
                            " and c.contentHash is not null and c.position between :first and :last",
                            book,
                            generation)
                    .setParameter("first", first)
                    .setParameter("last", first + (1 << free) - 1)
                    .getResultList()
                    .forEach(row -> leaves.add(new Leaf(
                            Uid.of((byte[]) row[0]),
                            ContentHash.of((byte[]) row[1]),
                            new Position((Integer) row[2]),
                            EntrySum.of((byte[]) row[3]))));
        }
        return leaves;
    }

    private List<ContactRow> rows(String condition, String order, long book, long generation, Collection<Uid> uids) {
        return em.createQuery("select c" + OF_BOOK + " and c.uid in :uids" + condition + order, ContactRow.class)
                .setParameter("book", book)
                .setParameter("generation", generation)
                .setParameter("uids", bytes(uids))
                .getResultList();
    }

    private TypedQuery<Object[]> ofBook(String select, String condition, long book, long generation) {
        return em.createQuery(select + OF_BOOK + condition, Object[].class)
                .setParameter("book", book)
                .setParameter("generation", generation);
    }

    private static List<byte[]> bytes(Collection<Uid> uids) {
        return uids.stream().map(Uid::utf8).toList();
    }

    /** A long upload must not keep its rows in memory. */
    private void flushAndForget() {
        em.flush();
        em.clear();
    }
}
