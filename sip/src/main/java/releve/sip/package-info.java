@NullMarked
package releve.sip;

import org.jspecify.annotations.NullMarked;
