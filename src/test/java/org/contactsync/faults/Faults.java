package org.contactsync.faults;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.contactsync.it.TcpProxy;

/** What can go wrong with an installation on any machine. Immutable. */
final class Faults {
    private final Installation site;
    private final Meddler meddler;

    /** What an instance is connected to. */
    enum Side {
        BROKER,
        DATABASE;

        TcpProxy of(Instance instance) {
            return this == BROKER ? instance.toBroker() : instance.toDatabase();
        }

        String wording() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Faults(Installation site, Meddler meddler) {
        this.site = site;
        this.meddler = meddler;
    }

    /** Each kind once, in the order in which it is most likely to meet the one before, none long. */
    List<Fault> shortOnes() {
        return List.of(
                meddling(5),
                killed(site.a()),
                frozen(site.b(), 13),
                cut(site.a(), Side.DATABASE, 2),
                silent(site.b(), Side.BROKER, 12),
                brokerKilled(2, true),
                databaseKilled(1),
                cut(site.b(), Side.BROKER, 2),
                silent(site.a(), Side.DATABASE, 8));
    }

    /** Any of them, on any part, as long as the settings' longest time limits and longer. */
    Fault any(Random random) {
        Instance instance = random.nextBoolean() ? site.a() : site.b();
        Side side = random.nextBoolean() ? Side.BROKER : Side.DATABASE;
        return switch (random.nextInt(11)) {
            case 0, 1 -> killed(instance);
            case 2 -> frozen(instance, 5 + random.nextInt(60));
            case 3 -> cut(instance, side, random.nextInt(8));
            case 4, 5 -> silent(instance, side, 3 + random.nextInt(75));
            case 6 -> brokerKilled(random.nextInt(10), random.nextBoolean());
            case 7 -> databaseKilled(random.nextInt(10));
            case 8 -> brokerFrozen(2 + random.nextInt(30));
            case 9 -> databaseFrozen(2 + random.nextInt(30));
            default -> meddling(3 + random.nextInt(10));
        };
    }

    Fault killed(Instance instance) {
        return new Fault("kill -9 of " + instance, 2, instance::kill, () -> {
            instance.launch();
            instance.awaitReady();
        });
    }

    /** A paused process believes, when it goes on, that it still has what others have taken over. */
    Fault frozen(Instance instance, int seconds) {
        return new Fault("SIGSTOP of " + instance, seconds, instance::freeze, instance::thaw);
    }

    Fault cut(Instance instance, Side side, int seconds) {
        TcpProxy proxy = side.of(instance);
        return new Fault("reset of " + instance + " to the " + side.wording(), seconds, proxy::cut, proxy::heal);
    }

    /** What is sent is kept, and arrives afterwards. */
    Fault silent(Instance instance, Side side, int seconds) {
        TcpProxy proxy = side.of(instance);
        return new Fault(
                "silence of " + instance + " to the " + side.wording(), seconds, proxy::blackHole, proxy::heal);
    }

    Fault brokerKilled(int seconds, boolean wiped) {
        return new Fault(
                wiped ? "kill -9 of the broker, its data wiped" : "kill -9 of the broker",
                seconds,
                () -> {
                    site.killBroker();
                    if (wiped) {
                        site.broker().wipe();
                    }
                },
                site::startBroker);
    }

    Fault brokerFrozen(int seconds) {
        return new Fault("SIGSTOP of the broker", seconds, site.broker()::pause, site.broker()::resume);
    }

    Fault databaseKilled(int seconds) {
        return new Fault("kill -9 of PostgreSQL", seconds, site.postgres()::kill, site.postgres()::start);
    }

    Fault databaseFrozen(int seconds) {
        return new Fault("SIGSTOP of PostgreSQL", seconds, site.postgres()::freeze, site.postgres()::thaw);
    }

    Fault meddling(int seconds) {
        return new Fault("messages twice, late and in another order", seconds, meddler::take, meddler::giveBack);
    }
}
