/** What the SIP user agent alone carries: calls a second against SIPp, latency, memory and allocation. */
@NullMarked
package releve.app.bench.sip;

import org.jspecify.annotations.NullMarked;
