package org.contactsync.store.account;

import jakarta.persistence.EntityManager;
import org.contactsync.protocol.Owner;

/**
 * What stays of an erased account: a number that a sixty-five thousandth of all users has. It says of most users that they did not erase an
 * account. With few users it tells who did, to whoever has a list of all of them (docs/operations.md).
 */
public final class ErasureMark {
    private static final int NUMBERS = 0x10000;

    private ErasureMark() {}

    static int of(Owner owner) {
        return Math.floorMod(owner.key().hashCode(), NUMBERS);
    }

    static void leave(EntityManager em, Owner owner) {
        em.createNativeQuery("insert into erasure_mark (mark) values (?1) on conflict do nothing")
                .setParameter(1, of(owner))
                .executeUpdate();
    }

    /** Whether an account with the owner's number was ever erased. */
    public static boolean has(EntityManager em, Owner owner) {
        return !em.createNativeQuery("select 1 from erasure_mark where mark = ?1")
                .setParameter(1, of(owner))
                .getResultList()
                .isEmpty();
    }
}
