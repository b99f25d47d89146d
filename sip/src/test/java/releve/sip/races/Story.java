package releve.sip.races;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import releve.sip.agent.SipEvent;

/** What became of one call, as each of its ends tells it: the caller's, and one for each phone that it reached. */
final class Story {
    /** One end's account. */
    final class Leg {
        final String where;
        boolean up;
        /** It gave the other side up: a time-out told it the end, not a message. */
        boolean gaveUp;

        private int finals;
        private @Nullable SipEvent last;

        private Leg(String where) {
            this.where = where;
        }

        boolean over() {
            return finals > 0;
        }

        /** @throws Violation for anything after the final event, a second final event among it */
        void tell(SipEvent.CallEvent event) {
            if (over()) {
                throw new Violation("%s at %s: %s after the final %s".formatted(callId, where, event, last));
            }
            last = event;
            finals += event.isFinal() ? 1 : 0;
            switch (event) {
                case SipEvent.Answered _, SipEvent.AnsweredAfterCancel _ -> up = true;
                case SipEvent.InviteFailed failed -> gaveUp |= failed.local();
                // Its answer still waited for the PRACK of an earlier response, and was never sent.
                case SipEvent.CancelledByPeer _ -> up = false;
                case SipEvent.CallEnded ended -> gaveUp |= ended.detail().contains("refresh");
                case SipEvent.ReinviteFailed failed -> gaveUp |= failed.local();
                case SipEvent.UpdateAnswered answered -> gaveUp |= answered.local() && answered.status() != 491;
                default -> {}
            }
        }

        @Override
        public String toString() {
            return where + (up ? " up, " : " never up, ") + last;
        }
    }

    final String callId;
    final Leg caller;
    final List<Leg> callees = new ArrayList<>();

    Story(String callId, String where) {
        this.callId = callId;
        this.caller = new Leg(where);
    }

    Leg reached(String where) {
        Leg leg = new Leg(where);
        callees.add(leg);
        return leg;
    }

    /**
     * Exactly one outcome at each end, and the ends agree on whether the call was ever up. They may differ in one case only:
     * a cut network made one of them give the other up.
     *
     * @throws Violation otherwise
     */
    void check(boolean cut) {
        if (!caller.over() || callees.stream().anyMatch(leg -> !leg.over())) {
            throw new Violation("an end of the call was never told: " + this);
        }
        if (cut) {
            return;
        }
        if (caller.gaveUp || callees.stream().anyMatch(leg -> leg.gaveUp)) {
            throw new Violation("an end gave up, though the network works: " + this);
        }
        if (caller.up != callees.stream().anyMatch(leg -> leg.up)) {
            throw new Violation("the ends do not agree on whether the call was up: " + this);
        }
    }

    @Override
    public String toString() {
        return callId + ": caller " + caller + "; callees " + callees;
    }
}
