package org.contactsync.model;

import java.io.IOException;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.state.ActionChain;

/** The chains of {@link DevicesProperties} with the packaged service and its database. */
class DevicesIT {
    private static Optional<Lab> lab = Optional.empty();

    @BeforeContainer
    static void start() throws IOException {
        lab = Optional.of(new Lab(new ServiceSite()));
    }

    @AfterContainer
    static void end() {
        lab.ifPresent(Lab::close);
    }

    @Property(tries = 6, shrinking = ShrinkingMode.OFF)
    @AddLifecycleHook(TriesHook.class)
    void nothingIsLostAndAllAgree(@ForAll("chains") ActionChain<World> chain) {
        chain.run().end();
    }

    @Provide
    Arbitrary<ActionChain<World>> chains() {
        return DeviceChains.of(() -> lab.orElseThrow().world()).withMaxTransformations(20);
    }
}
