package releve.sip.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import releve.sip.event.NotifierState.Owed;
import releve.sip.event.NotifierState.Phase;

/** The notifier's machine, transition by transition (RFC 6665 section 4.2). */
class NotifierStateTest {
    private static final long NOW = 1_000_000;
    private static final long END = NOW + 600_000;
    private static final long LEAST = 1_000;

    private static NotifierState quiet() {
        return NotifierState.subscribed(null, END).sent(LEAST, NOW).answered(true);
    }

    @Test
    void shouldOweTheWholeStateAtOnceAfterEachSubscribe() {
        NotifierState first = NotifierState.subscribed(null, END);
        assertThat(first.owed()).isEqualTo(Owed.WHOLE);
        assertThat(first.maySend(NOW)).isTrue();
        NotifierState again = NotifierState.subscribed(quiet(), END);
        assertThat(again.maySend(NOW + 1)).as("whatever was told just before").isTrue();
        assertThat(again.changed().owed()).isEqualTo(Owed.WHOLE);
    }

    @Test
    void shouldTellChangesNoSoonerThanTheLeastInterval() {
        NotifierState changed = quiet().changed();
        assertThat(changed.owed()).isEqualTo(Owed.PART);
        assertThat(changed.maySend(NOW + LEAST - 1)).isFalse();
        assertThat(changed.nextMs()).isEqualTo(NOW + LEAST);
        assertThat(changed.maySend(NOW + LEAST)).isTrue();
        assertThat(quiet().maySend(NOW + LEAST)).as("nothing to tell").isFalse();
        assertThat(quiet().nextMs()).isEqualTo(END);
    }

    @Test
    void shouldSendOneAfterTheOther() {
        NotifierState underWay =
                NotifierState.subscribed(null, END).sent(LEAST, NOW).changed();
        assertThat(underWay.maySend(NOW + LEAST)).isFalse();
        assertThat(underWay.nextMs()).isEqualTo(END);
        assertThat(underWay.answered(true).maySend(NOW + LEAST)).isTrue();
        assertThat(NotifierState.subscribed(underWay, END).maySend(NOW))
                .as("a refresh has to wait, too")
                .isFalse();
    }

    @Test
    void shouldBeOverWhenANotificationIsRefused() {
        NotifierState over = quiet().changed().sent(LEAST, NOW).answered(false);
        assertThat(over.phase()).isEqualTo(Phase.TERMINATED);
        assertThat(over.maySend(END)).isFalse();
        assertThat(over.changed()).isEqualTo(over);
        assertThat(over.elapsed(END)).isEqualTo(over);
        assertThat(over.nextMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldEndWithOneMoreNotificationWhenItsTimeIsOver() {
        assertThat(quiet().elapsed(END - 1)).isEqualTo(quiet());
        NotifierState ending = quiet().elapsed(END);
        assertThat(ending.phase()).isEqualTo(Phase.ENDING);
        assertThat(ending.reason()).isEqualTo("timeout");
        assertThat(ending.maySend(END)).isTrue();
        NotifierState last = ending.sent(LEAST, END);
        assertThat(last.maySend(END + LEAST)).isFalse();
        assertThat(last.answered(true).phase()).isEqualTo(Phase.TERMINATED);
    }

    @Test
    void shouldHoldTheLastNotificationBackWhileAnotherIsUnanswered() {
        NotifierState ending = quiet().changed().sent(LEAST, NOW).ending("noresource");
        assertThat(ending.maySend(NOW + LEAST)).isFalse();
        NotifierState answered = ending.answered(true);
        assertThat(answered.phase()).isEqualTo(Phase.ENDING);
        assertThat(answered.maySend(NOW)).as("the end is not put off").isTrue();
        assertThat(ending.ending("timeout").reason())
                .as("the first reason counts")
                .isEqualTo("noresource");
        assertThat(NotifierState.subscribed(null, END).ending("timeout").owed())
                .as("who asks once is told the whole state")
                .isEqualTo(Owed.WHOLE);
    }
}
