package org.contactsync.sync;

import static org.contactsync.sync.Examples.card;
import static org.contactsync.sync.Examples.uid;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.LostCard;
import org.contactsync.sync.TwinRequests.Request;
import org.contactsync.sync.TwinRequests.Wish;
import org.contactsync.sync.step.Step.ApplyChanges;

/** A user with three devices, who asks for what another one asks for. One thread at a time. */
final class Twin {
    private final TestService service;
    private final Owner owner;
    private final CheckCodes codes;
    private final List<TestDevice> devices;
    private final List<CheckCode> past = new ArrayList<>();
    private final List<ApplyChanges> sent = new ArrayList<>();

    Twin(TestService service, Owner owner) {
        this.service = service;
        this.owner = owner;
        codes = new CheckCodes(service.book(owner).key());
        devices = List.of(
                service.deviceOf(owner, "phone"), service.deviceOf(owner, "tablet"), service.deviceOf(owner, "watch"));
        past.add(service.code(owner));
    }

    Owner owner() {
        return owner;
    }

    /** With one that was sent before among them, if {@code repeated}. */
    List<ApplyChanges> steps(List<Request> requests, boolean repeated, int which, int where) {
        List<ApplyChanges> steps = new ArrayList<>();
        requests.forEach(request -> steps.add(step(request)));
        if (repeated && !sent.isEmpty()) {
            steps.add(where, devices.get(0).again(sent.get(which % sent.size())));
        }
        return steps;
    }

    private ApplyChanges step(Request request) {
        return devices.get(request.device())
                .apply(
                        past.get(Math.max(0, past.size() - 1 - request.code())),
                        new IncrementalSync(
                                request.wishes().stream().map(this::change).toList(),
                                Optional.empty(),
                                request.onMismatch(),
                                request.confirmed(),
                                request.lost().stream()
                                        .map(lost -> new LostCard(
                                                uid(lost.uid()),
                                                card(lost.name().orElseThrow())))
                                        .toList()));
    }

    private Change change(Wish wish) {
        Optional<Change.Expected> expected =
                wish.expected().map(name -> new Change.Expected(name.map(each -> codes.contentHash(card(each)))));
        return wish.name()
                .<Change>map(name -> new Change.Put(uid(wish.uid()), card(name), expected))
                .orElseGet(() -> new Change.Delete(uid(wish.uid()), expected));
    }

    void remember(List<ApplyChanges> steps) {
        sent.addAll(steps);
        past.add(service.code(owner));
    }
}
