/** The functions, by their folders below `functions/`, and how the code of each is bundled. */
export const HANDLERS = {
  'announce-findings': { isInParts: false },
  // Its reader of Parquet is large, and seldom needed.
  'read-log-file': { isInParts: true },
  'refresh-feeds': { isInParts: false },
  'roll-back-cutover': { isInParts: false },
  'score-connections': { isInParts: false },
} as const;

export type HandlerName = keyof typeof HANDLERS;

/** Where an installed package has the code, which was bundled when it was built. */
export const BUILT_HANDLERS = 'dist/handlers';
