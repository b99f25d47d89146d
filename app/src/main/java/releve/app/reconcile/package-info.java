/**
 * Compares what the product says it did (the ledger) with what an independent witness saw (the journals of the carrier
 * and of the agents' phones), attempt by attempt.
 */
@NullMarked
package releve.app.reconcile;

import org.jspecify.annotations.NullMarked;
