/**
 * The store's contract as a program in memory: what each of its calls means, without a database. It runs under deterministic
 * simulation and passes the same contract tests as the real store.
 */
@NullMarked
package releve.core.memory;

import org.jspecify.annotations.NullMarked;
