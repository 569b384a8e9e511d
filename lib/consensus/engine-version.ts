/**
 * Version of the scoring engine, stored with every verdict.
 *
 * Any change that can alter a verdict raises it, so that a stored verdict can be distinguished from the answer of the
 * current engine: the patch number if only wording or stored features change, the minor number if scores or confidences
 * change (new weights, rules or thresholds), the major number if the meaning of a field changes.
 */
export const ENGINE_VERSION = '1.6.0';
