package org.contactsync.queue;

import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import java.time.Clock;
import java.util.Optional;
import org.contactsync.log.FailureLog;
import org.contactsync.queue.message.Messages;
import org.contactsync.queue.message.ReplyRoute;
import org.contactsync.queue.message.SentSteps;
import org.contactsync.queue.work.StepOutlet;
import org.contactsync.queue.work.StepRunner;
import org.contactsync.sync.step.NewerStepException;
import org.contactsync.sync.step.Series;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.task.Replies.Reply;

/**
 * Receives the steps of many owners, one at a time per owner. Each message is one step; it is acknowledged after the step's
 * transaction has ended and the reply is sent. Steps of the owner whose messages are on their way may run with it. The bean
 * takes part in no transaction itself.
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
    private Handover handover;

    @Inject
    private ReplyRoute replies;

    @Inject
    private SyncMetrics metrics;

    @Inject
    private SentSteps sent;

    @Inject
    private Clock clock;

    @Override
    public void onMessage(Message message) {
        Messages.Received received;
        try {
            received = messages.receive(message);
        } catch (NewerStepException e) {
            handover.passOn(message, e);
            return;
        } catch (JMSException | IllegalArgumentException e) {
            // A redelivery would fail in the same way. Nothing is lost: a promised task has its row.
            LOG.error("message is not a step", e);
            return;
        }
        if (sent.hasRun(received.step())) {
            return;
        }
        long start = clock.millis();
        metrics.recordQueueWait(start - received.sentAtMillis());
        StepOutlet outlet = new StepOutlet() {
            @Override
            public void accept(Reply reply) {
                metrics.countOutcome(received.step(), reply);
                replies.deliver(reply);
            }

            @Override
            public void runElsewhere() {
                handover.wakeAnother(received);
            }
        };
        Optional<Series> together = sent.take(received.step());
        int ran = 1;
        if (together.isPresent()) {
            ran = runTogether(together.get(), outlet, start);
        } else {
            runner.run(received.step(), outlet);
        }
        metrics.recordSteps(ran, clock.millis() - start);
    }

    /** Those behind the first one have waited since they were accepted in this instance. */
    private int runTogether(Series series, StepOutlet outlet, long start) {
        int ran = runner.runTogether(series, outlet);
        for (ApplyChanges step : series.steps().subList(1, ran)) {
            metrics.recordQueueWait(start - step.head().acceptedAt().toEpochMilli());
        }
        return ran;
    }
}
