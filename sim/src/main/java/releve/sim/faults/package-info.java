/**
 * Both sides of a pair, their store, network, carrier, customers, agents and operators in one thread on virtual time, under
 * one seed that draws every fault. The dialers, their lease keepers and their commits are the product's own.
 */
@NullMarked
package releve.sim.faults;

import org.jspecify.annotations.NullMarked;
