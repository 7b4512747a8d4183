package io.planisphere.geo;

import com.google.common.geometry.S2CellId;
import java.util.Optional;
import java.util.regex.Pattern;

/** Parses untrusted S2 tokens: S2's own parser accepts invalid tokens, or throws. */
public final class CellToken {
    private static final Pattern FORM = Pattern.compile("[0-9a-fA-F]{1,16}");

    private CellToken() {}

    /** Returns the cell of the token, in lower or upper case; empty if the token is invalid. */
    public static Optional<S2CellId> parse(String token) {
        return FORM.matcher(token).matches()
                ? Optional.of(S2CellId.fromToken(token)).filter(S2CellId::isValid)
                : Optional.empty();
    }
}
