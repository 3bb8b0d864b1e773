package org.contactsync.transport;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import java.lang.reflect.Method;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Finds the socket under a request, by reflection: the server has no interface for writing an answer without a thread that waits
 * (decisions 13 and 36). Thread-safe.
 */
@ApplicationScoped
public class RequestSockets {
    /** The attribute of a request that has the server's own object, where a resource only has a proxy. */
    public static final String REQUEST = "org.contactsync.request";

    private volatile @Nullable Members members;

    /** For the container. */
    public RequestSockets() {}

    /** @param application the servlet context, as CDI defines it for web applications */
    void start(@Observes @Initialized(ApplicationScoped.class) Object application) {
        try {
            members = new Members(application.getClass().getClassLoader());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of the server does not give access to its sockets", e);
        }
    }

    /**
     * The socket under a request.
     *
     * @param request the server's own object, as {@code AsyncContext.getRequest} has it
     */
    public RequestSocket of(Object request) {
        Members known = members;
        if (known == null) {
            throw new IllegalStateException("not started");
        }
        try {
            return new RequestSocket(known.channel(request));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the socket of a request is not found", e);
        }
    }

    /** The way from a request to its socket; the server's classes share no interface with this application. */
    private static final class Members {
        private final Method inner;
        private final Method connection;
        private final Method context;
        private final Method io;
        private final Method socket;

        /** @param container the class loader of a class of the web container */
        Members(ClassLoader container) throws ReflectiveOperationException {
            Class<?> extended = container.loadClass("com.ibm.wsspi.webcontainer.servlet.IExtendedRequest");
            inner = method(extended, "getIRequest");
            connection = method(
                    extended.getClassLoader().loadClass("com.ibm.websphere.servlet.request.extended.IRequestExtended"),
                    "getHttpInboundConnection");
            ClassLoader http = container
                    .loadClass("com.ibm.wsspi.http.HttpInboundConnection")
                    .getClassLoader();
            Class<?> link = http.loadClass("com.ibm.ws.http.dispatcher.internal.channel.HttpDispatcherLink");
            context = method(link, "getTCPConnectionContext");
            ClassLoader tcp = context.getReturnType().getClassLoader();
            io = method(tcp.loadClass("com.ibm.ws.tcpchannel.internal.TCPConnLink"), "getSocketIOChannel");
            socket = method(io.getReturnType(), "getSocket");
        }

        private static Method method(Class<?> type, String name) throws NoSuchMethodException {
            Method method = type.getMethod(name);
            method.setAccessible(true);
            return method;
        }

        SocketChannel channel(Object request) throws ReflectiveOperationException {
            Object found = socket.invoke(io.invoke(context.invoke(connection.invoke(inner.invoke(request)))));
            return ((Socket) found).getChannel();
        }
    }
}
