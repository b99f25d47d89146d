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
        /** Its party died; what it had stored may have an heir. */
        boolean died;
        /** The call was up and nothing went on in it when its party died. */
        boolean diedInPeace;

        @Nullable
        Leg heir;

        private int finals;
        private @Nullable SipEvent last;

        private Leg(String where) {
            this.where = where;
        }

        String callId() {
            return callId;
        }

        boolean isCaller() {
            return this == caller;
        }

        boolean over() {
            return finals > 0;
        }

        /** Its party dies. @param inPeace whether nothing was under way, and the dialog is stored */
        void dies(boolean inPeace) {
            died = true;
            diedInPeace = inPeace && up && !over();
        }

        /** The account of who takes over, which begins with what is known. */
        Leg adopted(String by) {
            Leg adopting = new Leg(by);
            adopting.up = up;
            heir = adopting;
            return adopting;
        }

        /** Who speaks for this end of the call in the end. */
        private Leg last() {
            return heir == null ? this : heir;
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
                // A refresh that crosses the peer's BYE finds no call any more: then the peer ended it.
                case SipEvent.CallEnded ended ->
                    gaveUp |= ended.detail().contains("refresh")
                            && !ended.detail().endsWith("the session failed with 481");
                case SipEvent.ReinviteFailed failed -> gaveUp |= failed.local();
                // 491: both wanted something, too often; 481: it was for a phone that another was quicker than.
                case SipEvent.UpdateAnswered answered ->
                    gaveUp |= answered.local() && answered.status() != 491 && answered.status() != 481;
                default -> {}
            }
        }

        @Override
        public String toString() {
            return where + (up ? " up, " : " never up, ") + last + (heir == null ? "" : ", then " + heir);
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
     * Exactly one outcome at each end, and the ends agree on whether the call was ever up. They may differ in two cases only:
     * a cut network made one of them give the other up, or a party died while something was under way between them.
     *
     * @throws Violation otherwise
     */
    void check(boolean cut, @Nullable Crash crash) {
        List<Leg> ends = callees.stream().map(Leg::last).toList();
        Leg callers = caller.last();
        if (isPending(callers) || ends.stream().anyMatch(this::isPending)) {
            throw new Violation("an end of the call was never told: " + this);
        }
        boolean touched = crash != null && crash.touched(callId);
        if (cut || (touched && !wasAdoptedInPeace(crash))) {
            return;
        }
        if (callers.gaveUp || ends.stream().anyMatch(leg -> leg.gaveUp)) {
            throw new Violation("an end gave up, though the network works: " + this);
        }
        if (callers.up != ends.stream().anyMatch(leg -> leg.up)) {
            throw new Violation("the ends do not agree on whether the call was up: " + this);
        }
    }

    private boolean isPending(Leg leg) {
        return !leg.over() && !leg.died;
    }

    /**
     * Nothing was under way when the party died, and nothing began before its peer knew the heir. A party's call with itself
     * died at both ends.
     */
    boolean wasAdoptedInPeace(Crash crash) {
        boolean withItself = caller.died && callees.stream().anyMatch(leg -> leg.died);
        return !withItself
                && !crash.fellIntoTheHole(callId)
                && (isAdoptedInPeace(caller) || callees.stream().anyMatch(Story::isAdoptedInPeace));
    }

    private static boolean isAdoptedInPeace(Leg leg) {
        return leg.diedInPeace && leg.heir != null;
    }

    @Override
    public String toString() {
        return callId + ": caller " + caller + "; callees " + callees;
    }
}
