package releve.sip.races;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import releve.sip.agent.AdoptRequest;
import releve.sip.agent.SipEvent;
import releve.sip.message.HeaderName;
import releve.sip.message.Headers;
import releve.sip.message.Method;
import releve.sip.message.NameAddr;
import releve.sip.message.SipMessage;
import releve.sip.message.SipRequest;
import releve.sip.message.SipResponse;

/**
 * Faults that a user agent could have, each planted at its edge: it sends, tells or notices what a user agent with that
 * fault would. The product's code knows nothing of them. The suite has to find every one of them.
 */
enum PlantedBug {
    /** A repeated 200 is taken for an old one, and not acknowledged again (RFC 3261 section 13.2.2.4). */
    ACK_NOT_REPEATED {
        @Override
        @Nullable
        SipMessage onWire(SipMessage message, Wiretap before) {
            return is(message, Method.ACK) && before.repeated(message) ? null : message;
        }
    },
    /** A failure is not acknowledged (section 17.1.1.3). */
    FAILURE_NOT_ACKNOWLEDGED {
        @Override
        @Nullable
        SipMessage onWire(SipMessage message, Wiretap before) {
            boolean ofFailure = is(message, Method.ACK)
                    && before.isInviteBranch(message.topVia().branch());
            return ofFailure ? null : message;
        }
    },
    /** The ACK goes to a dialog that is none: its To has the wrong tag. */
    ACK_WITH_FOREIGN_TAG {
        @Override
        SipMessage onWire(SipMessage message, Wiretap before) {
            boolean ofAnswer = is(message, Method.ACK)
                    && !before.isInviteBranch(message.topVia().branch());
            if (!ofAnswer) {
                return message;
            }
            NameAddr to = message.to();
            return with((SipRequest) message, HeaderName.TO, "<" + to.uri() + ">;tag=foreign");
        }
    },
    /** An answer is sent once and left to the network (section 13.3.1.4). */
    ANSWER_NOT_REPEATED {
        @Override
        @Nullable
        SipMessage onWire(SipMessage message, Wiretap before) {
            return isFinal(message, 200, 299) && before.repeated(message) ? null : message;
        }
    },
    /** Timer G does not run (section 17.2.1). */
    FAILURE_NOT_REPEATED {
        @Override
        @Nullable
        SipMessage onWire(SipMessage message, Wiretap before) {
            return isFinal(message, 300, 699) && before.repeated(message) ? null : message;
        }
    },
    /** Timer A does not run (section 17.1.1.2). */
    INVITE_NOT_REPEATED {
        @Override
        @Nullable
        SipMessage onWire(SipMessage message, Wiretap before) {
            return is(message, Method.INVITE) && before.repeated(message) ? null : message;
        }
    },
    /** A PRACK is sent once (RFC 3262 section 4). */
    PRACK_NOT_REPEATED {
        @Override
        @Nullable
        SipMessage onWire(SipMessage message, Wiretap before) {
            return is(message, Method.PRACK) && before.repeated(message) ? null : message;
        }
    },
    /** A PRACK lacks the answer to the offer that it acknowledges (RFC 3262 section 5). */
    PRACK_WITHOUT_ANSWER {
        @Override
        SipMessage onWire(SipMessage message, Wiretap before) {
            return message instanceof SipRequest request && is(message, Method.PRACK) && request.body().length > 0
                    ? SipRequest.of(request.method(), request.uri(), withoutContentType(request), new byte[0])
                    : message;
        }
    },
    /** A reliable provisional response is sent once (RFC 3262 section 3). */
    PROGRESS_NOT_REPEATED {
        @Override
        @Nullable
        SipMessage onWire(SipMessage message, Wiretap before) {
            boolean reliable =
                    message instanceof SipResponse && message.headers().has(HeaderName.RSEQ);
            return reliable && before.repeated(message) ? null : message;
        }
    },
    /** Timer E does not run (section 17.1.2.2). */
    BYE_NOT_REPEATED {
        @Override
        @Nullable
        SipMessage onWire(SipMessage message, Wiretap before) {
            return is(message, Method.BYE) && before.repeated(message) ? null : message;
        }
    },
    /** A cancel is noted and never sent. */
    CANCEL_FORGOTTEN {
        @Override
        @Nullable
        SipMessage onWire(SipMessage message, Wiretap before) {
            return is(message, Method.CANCEL) ? null : message;
        }
    },
    /** The answer crossed the CANCEL, and the call that is up is not ended (section 9.1). */
    CROSSED_ANSWER_NOT_ENDED {
        @Override
        @Nullable
        SipMessage onWire(SipMessage message, Wiretap before) {
            return is(message, Method.BYE) && before.cancelled(message.callId()) ? null : message;
        }
    },
    /** The 200 of a second fork is acknowledged, and its dialog left open (section 13.2.2.4). */
    FORK_NOT_ENDED {
        @Override
        @Nullable
        SipMessage onWire(SipMessage message, Wiretap before) {
            return message instanceof SipRequest request && is(message, Method.BYE) && before.surplus(request)
                    ? null
                    : message;
        }
    },
    /** A request in the dialog takes the number of the one before it (section 12.2.1.1). */
    NUMBER_REUSED {
        @Override
        SipMessage onWire(SipMessage message, Wiretap before) {
            return is(message, Method.BYE)
                    ? with((SipRequest) message, HeaderName.CSEQ, message.cseq().number() - 1 + " BYE")
                    : message;
        }
    },
    /** The peer's BYE ends the call here, and is not answered (section 15.1.2). */
    BYE_NOT_ANSWERED {
        @Override
        @Nullable
        SipMessage onWire(SipMessage message, Wiretap before) {
            boolean answer = message instanceof SipResponse response
                    && response.cseq().method().equals(Method.BYE);
            return answer ? null : message;
        }
    },
    /** Both wanted to change the session, and nobody tries again after 491 (section 14.1). */
    GLARE_NOT_RETRIED {
        @Override
        @Nullable
        SipMessage onWire(SipMessage message, Wiretap before) {
            boolean again = message instanceof SipRequest request
                    && is(message, Method.INVITE)
                    && request.to().tag() != null
                    && !before.repeated(message)
                    && before.hadGlare(request.callId());
            return again ? null : message;
        }
    },
    /** The session is this side's to refresh, and it does not (RFC 4028 section 10): the peer cuts the call. */
    REFRESH_FORGOTTEN {
        @Override
        @Nullable
        SipMessage onWire(SipMessage message, Wiretap before) {
            boolean refresh = is(message, Method.UPDATE)
                    && message.body().length == 0
                    && message.headers().has(HeaderName.SESSION_EXPIRES);
            return refresh ? null : message;
        }
    },
    /** The end of a call is told twice. */
    END_TOLD_TWICE {
        @Override
        int timesTold(SipEvent event) {
            return event instanceof SipEvent.CallEnded ? 2 : 1;
        }
    },
    /** The end of a call that the peer cancelled is not told. */
    CANCEL_NOT_TOLD {
        @Override
        int timesTold(SipEvent event) {
            return event instanceof SipEvent.CancelledByPeer ? 0 : 1;
        }
    },
    /** Who takes over a dialog goes on with the numbers that were stored, which the former holder may have used. */
    NUMBERS_OF_FORMER_HOLDER_REUSED {
        @Override
        int skippedCSeqs() {
            return 0;
        }
    },
    /** Who takes over a dialog tells the peer the former holder's address (section 12.2.1.1). */
    TARGET_NOT_REFRESHED {
        @Override
        SipMessage onWire(SipMessage message, Wiretap before) {
            InetSocketAddress former = before.former();
            boolean refreshes = former != null && message.headers().has(HeaderName.CONTACT);
            return refreshes && message instanceof SipRequest request
                    ? with(
                            request,
                            HeaderName.CONTACT,
                            "<sip:a@" + former.getAddress().getHostAddress() + ":5060>")
                    : message;
        }
    },
    /** The answer to a re-INVITE of the former holder is not acknowledged by who took over (section 13.2.2.4). */
    ANSWER_TO_FORMER_HOLDER_NOT_ACKNOWLEDGED {
        @Override
        @Nullable
        SipMessage onWire(SipMessage message, Wiretap before) {
            return is(message, Method.ACK) && before.acknowledgesForFormer(message) ? null : message;
        }
    },
    /** Some deadlines never come. */
    TIMERS_STOP {
        @Override
        boolean timersRun(long nowMs) {
            return nowMs < 2_000;
        }
    };

    /** What goes out in place of the message: itself, another, or nothing. */
    @Nullable
    SipMessage onWire(SipMessage message, Wiretap before) {
        return message;
    }

    /** How often the user is told. */
    int timesTold(SipEvent event) {
        return 1;
    }

    boolean timersRun(long nowMs) {
        return true;
    }

    /** How many numbers an heir leaves to the one whose dialog it adopts. */
    int skippedCSeqs() {
        return AdoptRequest.SKIPPED_CSEQS;
    }

    private static boolean is(SipMessage message, Method method) {
        return message instanceof SipRequest request && request.method().equals(method);
    }

    private static boolean isFinal(SipMessage message, int from, int to) {
        return message instanceof SipResponse response
                && response.cseq().method().equals(Method.INVITE)
                && response.status() >= from
                && response.status() <= to;
    }

    private static Headers withoutContentType(SipRequest request) {
        Headers.Builder headers = new Headers.Builder();
        for (int i = 0; i < request.headers().size(); i++) {
            if (!request.headers().name(i).equals(HeaderName.CONTENT_TYPE)) {
                headers.add(request.headers().name(i), request.headers().value(i));
            }
        }
        return headers.build();
    }

    private static SipRequest with(SipRequest request, String name, String value) {
        Headers.Builder headers = new Headers.Builder();
        for (int i = 0; i < request.headers().size(); i++) {
            String header = request.headers().name(i);
            headers.add(header, header.equals(name) ? value : request.headers().value(i));
        }
        return SipRequest.of(request.method(), request.uri(), headers.build(), request.body());
    }
}
