package org.contactsync.queue;

import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import java.time.Clock;
import org.contactsync.log.FailureLog;

/**
 * Takes the steps of many owners, one at a time of each: one message, one step, and it is acknowledged when the step's
 * transaction has ended and the reply is sent. It takes part in no transaction itself.
 */
@MessageDriven
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@SuppressWarnings("NullAway.Init") // filled by the container
public class SyncTaskBean implements MessageListener {
    private static final FailureLog LOG = FailureLog.of(SyncTaskBean.class);

    @Inject
    private Messages messages;

    @Inject
    private StepRunner runner;

    @Inject
    private ReplyRoute replies;

    @Inject
    private SyncMetrics metrics;

    @Inject
    private Clock clock;

    @Override
    public void onMessage(Message message) {
        Messages.Received received;
        try {
            received = messages.receive(message);
        } catch (JMSException | IllegalArgumentException e) {
            // Again it would be the same. Nothing is lost: a promised task has its row.
            LOG.error("message is not a step", e);
            return;
        }
        long start = clock.millis();
        metrics.queueWait(start - received.sentAtMillis());
        runner.run(received.step(), reply -> {
            metrics.outcome(received.step(), reply);
            replies.deliver(reply);
        });
        metrics.applied(clock.millis() - start);
    }
}
