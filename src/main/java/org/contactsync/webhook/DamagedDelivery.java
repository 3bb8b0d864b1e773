package org.contactsync.webhook;

/** Says that a delivery that waits cannot be made: the rows of its book are damaged. */
public final class DamagedDelivery extends IllegalArgumentException {
    private static final long serialVersionUID = 1;
    private final long book;
    private final long seq;

    /**
     * Names the delivery.
     *
     * @param seq the last change that it tells of
     */
    public DamagedDelivery(long book, long seq, IllegalArgumentException cause) {
        super("book=" + book + " seq=" + seq, cause);
        this.book = book;
        this.seq = seq;
    }

    public long book() {
        return book;
    }

    public long seq() {
        return seq;
    }
}
