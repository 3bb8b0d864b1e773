package org.contactsync.model;

import java.io.IOException;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.state.ActionChain;

/**
 * Protocol 10.1, 11.2 and 11.6: whatever happens to devices, requests, answers and the service, in the end every device has the
 * service's book, no contact is lost that nobody deleted, and all that was deleted or overwritten comes back. An export is the book as it
 * was (4.24.2), what is imported is there, once (4.25.2), and nothing that was made for an erased book is applied (4.23.3). Over the core in
 * this process; {@link DevicesIT} does the same with the packaged service.
 */
class DevicesProperties {
    private static Optional<Lab> lab = Optional.empty();

    @BeforeContainer
    static void start() throws IOException {
        lab = Optional.of(new Lab(new FakeSite()));
    }

    @AfterContainer
    static void end() {
        lab.ifPresent(Lab::close);
    }

    @Property(tries = 40)
    @AddLifecycleHook(TriesHook.class)
    void nothingIsLostAndAllAgree(@ForAll("chains") ActionChain<World> chain) {
        chain.run().end();
    }

    @Provide
    Arbitrary<ActionChain<World>> chains() {
        return DeviceChains.of(() -> lab.orElseThrow().world()).withMaxTransformations(30);
    }
}
