/**
 * Version of the scoring engine, stored with every verdict.
 *
 * Any change that can alter a verdict raises it, so that a stored verdict can be told apart from what the engine
 * would answer today: the patch number when only wording or stored features change, the minor number when scores or
 * confidences change (new weights, rules or thresholds), the major number when the meaning of a field changes.
 */
export const ENGINE_VERSION = '1.5.0';
