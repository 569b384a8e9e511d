/** What happened, in numbers. */
export interface WorldFigures {
  deliveries: number;
  deliveredRecords: number;
  overlaps: number;
  kills: number;
  freezes: number;
  settingsChanges: number;
  codeChanges: number;
  redrives: number;
}

/** Figures of a run in which nothing has happened yet. */
export function noFigures(): WorldFigures {
  return {
    deliveries: 0,
    deliveredRecords: 0,
    overlaps: 0,
    kills: 0,
    freezes: 0,
    settingsChanges: 0,
    codeChanges: 0,
    redrives: 0,
  };
}
