package releve.sip.auth;

/**
 * Who we are to a realm.
 *
 * @param realm the protection domain it is for, exactly as the server names it; empty for any
 * @param username as the server knows us
 * @param secret the password; never shown
 */
public record Account(String realm, String username, String secret) {
    /** @throws IllegalArgumentException when the user name is empty */
    public Account {
        if (username.isEmpty()) {
            throw new IllegalArgumentException("an account has no user name");
        }
    }

    /** An account for any realm that asks. */
    public static Account anyRealm(String username, String secret) {
        return new Account("", username, secret);
    }

    boolean isFor(String otherRealm) {
        return realm.isEmpty() || realm.equals(otherRealm);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Account[" + username + (realm.isEmpty() ? "" : " at " + realm) + "]";
    }
}
