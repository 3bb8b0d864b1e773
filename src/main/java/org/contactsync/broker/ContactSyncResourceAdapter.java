package org.contactsync.broker;

import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.ResourceAdapterInternalException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMConnectorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnectorFactory;
import org.apache.activemq.artemis.ra.ActiveMQResourceAdapter;
import org.jspecify.annotations.Nullable;

/**
 * The Artemis resource adapter of the service: connects to the configured broker, or starts an embedded one first.
 *
 * <p>The server sets the properties, then calls {@link #start} once and {@link #stop} once, from one thread at a time.
 */
public class ContactSyncResourceAdapter extends ActiveMQResourceAdapter {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = System.getLogger(ContactSyncResourceAdapter.class.getName());

    private Boolean embedded = Boolean.TRUE;
    private Integer localPort = 0;
    private String hosts = "localhost:61616";
    private Boolean tls = Boolean.FALSE;
    private String trustStore = "";
    private String trustStorePassword = "";
    private transient @Nullable EmbeddedBroker broker;

    public Boolean getEmbedded() {
        return embedded;
    }

    /** Whether the broker runs inside this process; then the properties for the external broker are ignored. */
    public void setEmbedded(Boolean embedded) {
        this.embedded = embedded;
    }

    public Integer getLocalPort() {
        return localPort;
    }

    /** TCP port of the embedded broker on the loopback interface, 0 for none; lets a test run two servers on one broker. */
    public void setLocalPort(Integer localPort) {
        this.localPort = localPort;
    }

    public String getHosts() {
        return hosts;
    }

    /** The external broker and its backups, {@code host:port[,host:port…]}. */
    public void setHosts(String hosts) {
        this.hosts = hosts;
    }

    public Boolean getTls() {
        return tls;
    }

    /** Whether to speak TLS to the external broker. */
    public void setTls(Boolean tls) {
        this.tls = tls;
    }

    public String getTrustStore() {
        return trustStore;
    }

    /** PKCS#12 file with the certificates to trust, empty for those of the Java runtime. */
    public void setTrustStore(String trustStore) {
        this.trustStore = trustStore;
    }

    public String getTrustStorePassword() {
        return trustStorePassword;
    }

    /** Password of the trust store, empty for none. */
    public void setTrustStorePassword(String trustStorePassword) {
        this.trustStorePassword = trustStorePassword;
    }

    /**
     * Starts the embedded broker, if configured, and then the adapter.
     *
     * @throws ResourceAdapterInternalException if the broker cannot start or the configured addresses are not hosts and
     *     ports
     */
    @Override
    public void start(BootstrapContext context) throws ResourceAdapterInternalException {
        // Unlimited: Artemis has 8 threads per processor for the sessions of all its clients in this process, and a few
        // waiting sessions would block the others. Each session takes at most one thread.
        ActiveMQClient.setGlobalThreadPoolProperties(
                -1,
                ActiveMQClient.DEFAULT_SCHEDULED_THREAD_POOL_MAX_SIZE,
                ActiveMQClient.DEFAULT_FLOW_CONTROL_THREAD_POOL_MAX_SIZE);
        if (embedded) {
            setConnectorClassName(InVMConnectorFactory.class.getName());
            setConnectionParameters(EmbeddedBroker.IN_MEMORY_PARAMETERS);
            // Nothing is lost inside the process, and its requests cannot fill the queue.
            setBlockOnNonDurableSend(false);
            startBroker();
        } else {
            ExternalBroker external = ExternalBroker.of(hosts, tls, trustStore, trustStorePassword);
            setConnectorClassName(external.connectorClassNames(NettyConnectorFactory.class.getName()));
            setConnectionParameters(external.connectionParameters());
            setHA(external.hosts().size() > 1);
            RepeatedLines.keepOut();
            LOG.log(Level.INFO, "external broker hosts={0} tls={1}", external.hosts(), tls);
        }
        super.start(context);
    }

    /** Stops the adapter's sessions and then the embedded broker. */
    @Override
    public void stop() {
        super.stop();
        EmbeddedBroker running = broker;
        broker = null;
        if (running != null) {
            try {
                running.stop();
                LOG.log(Level.INFO, "embedded broker stopped");
            } catch (Exception e) {
                LOG.log(
                        Level.ERROR,
                        "embedded broker did not stop cleanly: {0}",
                        e.getClass().getName());
            }
        }
    }

    private void startBroker() throws ResourceAdapterInternalException {
        Thread thread = Thread.currentThread();
        ClassLoader applicationLoader = thread.getContextClassLoader();
        // Artemis finds its services through the context class loader, which is not the archive's here.
        thread.setContextClassLoader(ContactSyncResourceAdapter.class.getClassLoader());
        try {
            EmbeddedBroker starting = new EmbeddedBroker(localPort);
            starting.start();
            broker = starting;
            LOG.log(Level.INFO, "embedded broker started localPort={0,number,#}", localPort);
        } catch (Exception e) {
            throw new ResourceAdapterInternalException("embedded broker did not start localPort=" + localPort, e);
        } finally {
            thread.setContextClassLoader(applicationLoader);
        }
    }

    // Identity, because each adapter owns a broker.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
