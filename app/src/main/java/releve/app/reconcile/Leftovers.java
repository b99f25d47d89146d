package releve.app.reconcile;

/**
 * What the store still shows as held although nobody works on it.
 *
 * @param attemptsLive attempts that never ended
 * @param agentsReserved agents reserved or talking
 * @param contactsActive contacts cached (A)
 * @param contactsDialed contacts under way (D)
 */
public record Leftovers(int attemptsLive, int agentsReserved, int contactsActive, int contactsDialed) {
    public static final Leftovers NONE = new Leftovers(0, 0, 0, 0);
}
