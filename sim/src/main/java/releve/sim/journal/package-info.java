/** What carrier and agents saw, one JSON line a fact: the witness that a ledger is compared with. */
@NullMarked
package releve.sim.journal;

import org.jspecify.annotations.NullMarked;
