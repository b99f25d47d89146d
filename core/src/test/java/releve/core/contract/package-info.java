/**
 * What every store does, as tests: a store's own tests supply the {@link releve.core.contract.StoreWorld} and run each
 * subject in a nested class. The store in memory and PostgreSQL pass the same.
 */
package releve.core.contract;
