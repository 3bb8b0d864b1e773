package org.contactsync.client;

/**
 * Decides how a comparison by the digest tree goes on, by an estimate of the bytes of everything that is still to come: it descends
 * further, or it asks for entries. Pure computation.
 */
final class RepairPlan {
    /** A request and its answer without a body, and what one more round trip is worth. */
    private static final int REQUEST = 2_000;

    private static final int NODE = 16;

    /** Entries of usual uids, packed. */
    private static final int ENTRY = 56;

    private static final int SHORT_ENTRY = 27;

    /** What differs at least, before anything is known: a repair is rarely for less. */
    private static final int FEW = 10;

    /** Of one answer (protocol 4.7). */
    private static final int NODES = 4_096;

    private static final int PREFIXES = 256;
    private static final int ENTRIES = 5_000;

    /** Two levels of the tree are 256 nodes for one, and three would be 4,096. */
    private static final int MOST_LEVELS = 2;

    private static final int DEEPEST = 4;

    private final boolean lists;
    private final boolean shortens;

    /**
     * @param lists whether the server takes several prefixes for nodes
     * @param shortens whether it shortens hashes
     */
    RepairPlan(boolean lists, boolean shortens) {
        this.lists = lists;
        this.shortens = shortens;
    }

    /**
     * Where a comparison is.
     *
     * @param level of the nodes that differ
     * @param nodes how many they are
     * @param contacts below them
     * @param differences how many of those differ
     */
    record Place(int level, double nodes, double contacts, double differences) {
        /** @param least differences that are certain, as the sizes of the books differ */
        static Place of(int level, int nodes, long contacts, long least) {
            double all = Math.pow(16, level);
            double seen = nodes < all ? -all * Math.log1p(-nodes / all) : all * (1 + Math.log(all));
            return new Place(level, nodes, contacts, Math.max(level == 0 ? FEW : seen, least));
        }
    }

    /**
     * What to do next.
     *
     * @param levels descends so many levels; 0 asks for the entries
     * @param shortened entries with shortened hashes, and whole ones afterwards of those that differ
     */
    record Step(int levels, boolean shortened) {}

    private record Choice(double bytes, Step step) {
        Choice or(Choice other) {
            return other.bytes < bytes ? other : this;
        }
    }

    Step next(Place place) {
        return best(place).step();
    }

    private Choice best(Place at) {
        double entries = requests(at.nodes() / PREFIXES, at.contacts() / ENTRIES);
        Choice best = new Choice(entries + at.contacts() * ENTRY, new Step(0, false));
        if (shortens) {
            double whole = requests(at.differences() / PREFIXES, 0) + at.differences() * ENTRY;
            best = best.or(new Choice(entries + at.contacts() * SHORT_ENTRY + whole, new Step(0, true)));
        }
        for (int levels = 1; levels <= MOST_LEVELS && at.level() + levels <= DEEPEST; levels++) {
            if (lists || at.nodes() <= 1) {
                best = best.or(new Choice(descent(at, levels), new Step(levels, false)));
            }
        }
        return best;
    }

    private double descent(Place at, int levels) {
        double below = at.nodes() * Math.pow(16, levels);
        double differing = below * -Math.expm1(-at.differences() / below);
        Place then = new Place(at.level() + levels, differing, at.contacts() * differing / below, at.differences());
        return requests(at.nodes() / PREFIXES, below / NODES)
                + below * NODE
                + best(then).bytes();
    }

    private static double requests(double one, double other) {
        return REQUEST * Math.max(1, Math.ceil(Math.max(one, other)));
    }
}
