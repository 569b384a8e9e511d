/** The functions, by their folders in `functions/`, and how the code of each is bundled. */
export const HANDLERS = {
  'announce-findings': { isInParts: false },
  // Its Parquet reader is large, and rarely needed.
  'read-log-file': { isInParts: true },
  // S3's client is large, and needed only where a list lies in a bucket.
  'refresh-feeds': { isInParts: true },
  'roll-back-cutover': { isInParts: false },
  'score-connections': { isInParts: false },
} as const;

export type HandlerName = keyof typeof HANDLERS;

/** Location of the code in an installed package, bundled when that was built. */
export const BUILT_HANDLERS = 'dist/handlers';
