/** Which settings were in force when something was assessed. */
export interface SettingsStamp {
  readonly mode: 'legacy' | 'parallel' | 'consensus';
  /** In mode `parallel`: for how many of a hundred addresses the consensus score was used. */
  readonly consensusPercent: number;
  /** Version of the settings parameter; 0 where none could be used. */
  readonly version: number;
}

/** The stored form: one short text, since every item carries it. `parallel 25 v7` */
export function stampText({ mode, consensusPercent, version }: SettingsStamp): string {
  return `${mode} ${consensusPercent} v${version}`;
}

const STAMP = /^(legacy|parallel|consensus) (\d+) v(\d+)$/;

/** @returns undefined for a text that is no stamp */
export function readStamp(text: string): SettingsStamp | undefined {
  const match = STAMP.exec(text);
  if (match === null) return undefined;
  const [, mode, percent, version] = match;
  return {
    mode: mode as SettingsStamp['mode'],
    consensusPercent: Number(percent),
    version: Number(version),
  };
}
