package org.contactsync.transport;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * The connections of clients to Open Liberty. No interface of Liberty shows for which of them a thread is waiting, so this
 * class reads its TCP channel by reflection; decision 15 lists what it relies on. One thread at a time.
 */
final class LibertyConnections {
    private static final String CHANNEL = "com.ibm.ws.tcpchannel.internal.";

    /** {@code TCPRequestContext.IMMED_TIMEOUT}: the current operation times out at once. */
    private static final String AT_ONCE = "IMMED_TIMEOUT";

    private final Object framework;
    private final Method runningChains;
    private final Method runningChain;
    private final Members members;

    private LibertyConnections(Object framework, Members members) throws ReflectiveOperationException {
        this.framework = framework;
        this.members = members;
        runningChains = framework.getClass().getMethod("getRunningChains");
        runningChain = framework.getClass().getMethod("getRunningChain", String.class);
    }

    /**
     * Finds the server's channel framework.
     *
     * @param container the class loader of a class of the web container
     * @throws ReflectiveOperationException if this version of the server is built differently
     */
    static LibertyConnections of(ClassLoader container) throws ReflectiveOperationException {
        ClassLoader http =
                container.loadClass("com.ibm.wsspi.http.HttpInboundConnection").getClassLoader();
        Class<?> factory = http.loadClass("com.ibm.wsspi.channelfw.ChannelFrameworkFactory");
        Object framework = factory.getMethod("getChannelFramework").invoke(null);
        return new LibertyConnections(framework, new Members(factory.getClassLoader()));
    }

    /** The current connections, in no order; they may come and go meanwhile. */
    List<Connection> all() throws ReflectiveOperationException {
        List<Connection> found = new ArrayList<>();
        for (Object data : (Object[]) call(runningChains, framework)) {
            String name = (String) call(data.getClass().getMethod("getName"), data);
            Object chain = call(runningChain, framework, name);
            if (chain != null) {
                for (Object channel : (Object[]) call(chain.getClass().getMethod("getChannels"), chain)) {
                    addOf(channel, found);
                }
            }
        }
        return found;
    }

    private void addOf(Object channel, List<Connection> found) throws ReflectiveOperationException {
        if (!members.channel.isInstance(channel)) {
            return;
        }
        for (Queue<?> links : (Queue<?>[]) members.inUse.get(channel)) {
            for (Object link : links) {
                found.add(new LibertyConnection(link, members));
            }
        }
    }

    private static Object call(Method method, Object target, Object... arguments) throws ReflectiveOperationException {
        method.setAccessible(true);
        return method.invoke(target, arguments);
    }

    /** The members of the server's classes that are used; those classes share no interface with this application. */
    private static final class Members {
        private final Class<?> channel;
        private final Field inUse;
        private final Field writer;
        private final Field reader;
        private final Field writes;
        private final Field reads;
        private final Field blocked;
        private final Field done;
        private final Method endWrite;
        private final Method endRead;
        private final Method address;
        private final Method port;
        private final int atOnce;

        Members(ClassLoader loader) throws ReflectiveOperationException {
            channel = loader.loadClass(CHANNEL + "TCPChannel");
            Class<?> link = loader.loadClass(CHANNEL + "TCPConnLink");
            Class<?> request = loader.loadClass(CHANNEL + "TCPBaseRequestContext");
            inUse = field(channel, "inUse");
            writer = field(link, "writer");
            reader = field(link, "reader");
            writes = field(link, "numWrites");
            reads = field(link, "numReads");
            blocked = field(request, "blockedThread");
            done = field(request, "ioDoneAmt");
            address = link.getMethod("getRemoteAddress");
            port = link.getMethod("getRemotePort");
            endWrite = ending(loader, "Write", "write");
            endRead = ending(loader, "Read", "read");
            atOnce = loader.loadClass("com.ibm.wsspi.tcpchannel.TCPRequestContext")
                    .getField(AT_ONCE)
                    .getInt(null);
        }

        private static Field field(Class<?> type, String name) throws NoSuchFieldException {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        }

        private static Method ending(ClassLoader loader, String kind, String name) throws ReflectiveOperationException {
            String of = "com.ibm.wsspi.tcpchannel.TCP" + kind;
            Class<?> callback = loader.loadClass(of + "CompletedCallback");
            return loader.loadClass(of + "RequestContext")
                    .getMethod(name, long.class, callback, boolean.class, int.class);
        }
    }

    private record LibertyConnection(Object link, Members members) implements Connection {
        /** Roughly what the server writes to the socket, or reads from it, at once. */
        private static final long PART = 32 * 1024;

        private static final Client NOBODY = new Client("", 0);

        @Override
        public Wait waitsFor() {
            try {
                if (waits(members.writer.get(link))) {
                    return Wait.TO_WRITE;
                }
                return waits(members.reader.get(link)) ? Wait.TO_READ : Wait.NOTHING;
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }

        private boolean waits(Object request) throws IllegalAccessException {
            return request != null && members.blocked.getBoolean(request);
        }

        @Override
        public long moved() {
            try {
                long parts = (long) members.writes.getInt(link) + members.reads.getInt(link);
                return parts * PART + done(members.writer.get(link)) + done(members.reader.get(link));
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }

        private long done(Object request) throws IllegalAccessException {
            return request == null ? 0 : members.done.getLong(request);
        }

        @Override
        public Client client() {
            try {
                InetAddress address = (InetAddress) members.address.invoke(link);
                return new Client(address.getHostAddress(), (int) members.port.invoke(link));
            } catch (InvocationTargetException e) {
                // it was closed meanwhile
                return NOBODY;
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void end() {
            try {
                Object writing = members.writer.get(link);
                if (waits(writing)) {
                    members.endWrite.invoke(writing, 0L, null, false, members.atOnce);
                }
                Object reading = members.reader.get(link);
                if (waits(reading)) {
                    members.endRead.invoke(reading, 0L, null, false, members.atOnce);
                }
            } catch (InvocationTargetException e) {
                // it was closed meanwhile: the members of a closed connection are gone
                return;
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof LibertyConnection connection && connection.link == link;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(link);
        }
    }
}
