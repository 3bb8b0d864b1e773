package org.contactsync.model;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.ActionChainArbitrary;
import net.jqwik.api.state.Transformer;

/** Chains of what happens in a {@link World}. Each action says what it does, so that a shrunk chain is a story. */
final class DeviceChains {
    private static final int CONTACTS = 30;
    private static final int CARDS = 4;

    private DeviceChains() {}

    static ActionChainArbitrary<World> of(Supplier<World> world) {
        return ActionChain.startWith(world)
                .withAction(8, edit())
                .withAction(3, atDevice("deletes", 0, CONTACTS - 1, World::delete))
                .withAction(7, fill())
                .withAction(1, device("is wiped", World::wipe))
                .withAction(10, online("synchronises", World::synchronise))
                .withAction(1, online("replaces the book", World::replace))
                .withAction(2, device("loses its database", World::loseDatabase))
                .withAction(1, device("loses its record", World::loseRecord))
                .withAction(1, device("is backed up", World::backUp))
                .withAction(1, device("is restored", World::restore))
                .withAction(2, atDevice("replays request", 0, 9, World::replay))
                .withAction(2, restoring("restores from the trash", World::restoreContact))
                .withAction(2, restoring("restores the book, changes back", World::restoreBook))
                .withAction(2, importing())
                .withAction(1, online("imports its last export", World::importExport))
                .withAction(2, restoring("exports in format", World::export))
                .withAction(1, erasing())
                .withAction(1, service("the feed expires", World::expireFeed))
                .withAction(1, service("leases end", World::passLease))
                .withAction(1, service("the service is backed up", World::backUpService))
                .withAction(1, service("the service is set back", World::setServiceBack));
    }

    private static Arbitrary<String> devices() {
        return Arbitraries.of("phone", "tablet", "desk", "laptop");
    }

    private static Arbitrary<Fault> faults() {
        Arbitrary<Fault> some = Combinators.combine(
                        Arbitraries.of(Fault.Kind.class), Arbitraries.integers().between(1, 8))
                .as(Fault::new);
        Arbitrary<Fault> others = numbers(1, 8).map(at -> new Fault(Fault.Kind.OTHERS_ACT, at));
        return Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just(Fault.NONE)), Tuple.of(4, some), Tuple.of(2, others));
    }

    private static Arbitrary<Integer> numbers(int from, int to) {
        return Arbitraries.integers().between(from, to);
    }

    private static Action.Independent<World> edit() {
        return () -> Combinators.combine(devices(), numbers(0, CONTACTS - 1), numbers(0, CARDS))
                .as((device, contact, card) -> Transformer.mutate(
                        device + " puts contact " + contact + ", card " + card,
                        world -> world.put(device, contact, card)));
    }

    private static Action.Independent<World> fill() {
        return () -> Combinators.combine(devices(), numbers(0, 9), numbers(1, 20))
                .as((device, from, count) -> Transformer.mutate(
                        device + " puts contacts " + from + " to " + (from + count - 1),
                        world -> world.fill(device, from, count)));
    }

    private static Action.Independent<World> importing() {
        return () -> Combinators.combine(devices(), numbers(0, 19), numbers(1, 10), numbers(0, CARDS), faults())
                .as((device, from, count, card, fault) -> Transformer.mutate(
                        device + " imports contacts " + from + " to " + (from + count - 1) + ", card " + card + fault,
                        world -> world.importFile(device, from, count, card, fault)));
    }

    private interface Numbered {
        void act(World world, String device, int number);
    }

    private static Action.Independent<World> atDevice(String what, int from, int to, Numbered act) {
        return () -> Combinators.combine(devices(), numbers(from, to))
                .as((device, number) -> Transformer.mutate(
                        device + " " + what + " " + number, world -> act.act(world, device, number)));
    }

    private static Action.Independent<World> device(String what, BiConsumer<World, String> act) {
        return () ->
                devices().map(device -> Transformer.mutate(device + " " + what, world -> act.accept(world, device)));
    }

    private interface Online {
        void act(World world, String device, Fault fault);
    }

    private static Action.Independent<World> online(String what, Online act) {
        return () -> Combinators.combine(devices(), faults())
                .as((device, fault) ->
                        Transformer.mutate(device + " " + what + fault, world -> act.act(world, device, fault)));
    }

    private interface NumberedOnline {
        void act(World world, String device, int number, Fault fault);
    }

    private static Action.Independent<World> restoring(String what, NumberedOnline act) {
        return () -> Combinators.combine(devices(), numbers(0, 9), faults())
                .as((device, number, fault) -> Transformer.mutate(
                        device + " " + what + " " + number + fault, world -> act.act(world, device, number, fault)));
    }

    private static Action.Independent<World> erasing() {
        return () -> Combinators.combine(devices(), numbers(0, 15), faults())
                .as((device, again, fault) -> Transformer.mutate(
                        device + " erases the account; again send their contacts " + again + fault,
                        world -> world.erase(device, again, fault)));
    }

    private static Action.Independent<World> service(String what, Consumer<World> act) {
        return () -> Arbitraries.just(Transformer.mutate(what, act));
    }
}
