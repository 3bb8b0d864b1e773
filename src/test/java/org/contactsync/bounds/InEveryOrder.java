package org.contactsync.bounds;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.Lincheck;

/** Runs a few threads in many orders of their steps; an assertion that fails in any of them is shown with that order. */
public final class InEveryOrder {
    /** Those with the fewest switches between threads come first. More find no more here, and each takes some 10 ms. */
    private static final int ORDERS = Integer.getInteger("orders", 100);

    private InEveryOrder() {}

    /** What is shared, made anew for each order. */
    public interface Scene {
        /** Run at once, each in a thread of its own. */
        List<Runnable> threads();

        /** What must be true when all have ended. */
        void check();
    }

    /** Makes a scene. */
    public interface Scenes {
        Scene make();
    }

    public static void check(Scenes scenes) {
        Lincheck.runConcurrentTest(ORDERS, () -> play(scenes.make()));
    }

    private static void play(Scene scene) {
        List<Thread> threads = new ArrayList<>();
        // Plain calls: those of a method reference are not seen by the one who decides the order.
        for (Runnable each : scene.threads()) {
            Thread thread = new Thread(each);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        scene.check();
    }
}
