package io.planisphere.geo;

import com.google.common.geometry.S2CellId;
import java.util.Optional;
import java.util.regex.Pattern;

/** S2 cells by their text, the door for tokens from outside: S2 takes whatever it is given for one, or throws. */
public final class CellToken {
    private static final Pattern FORM = Pattern.compile("[0-9a-fA-F]{1,16}");

    private CellToken() {}

    /** The cell of the token, which may be in capitals; empty if there is none. */
    public static Optional<S2CellId> parse(String token) {
        return FORM.matcher(token).matches()
                ? Optional.of(S2CellId.fromToken(token)).filter(S2CellId::isValid)
                : Optional.empty();
    }
}
