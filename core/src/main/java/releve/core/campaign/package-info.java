/** Campaigns, contacts and retry rules. */
@NullMarked
package releve.core.campaign;

import org.jspecify.annotations.NullMarked;
