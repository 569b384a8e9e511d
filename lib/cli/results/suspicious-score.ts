/** From here on a score is worth showing although nobody has to act on it. */
export const SUSPICIOUS_SCORE = 0.4;
