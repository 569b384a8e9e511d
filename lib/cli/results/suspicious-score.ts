/** A score from here on is worth showing although nobody has to act on it. */
export const SUSPICIOUS_SCORE = 0.4;
