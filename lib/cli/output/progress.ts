import { Presets, SingleBar } from 'cli-progress';
import { grouped } from '../../statistics/count-text.ts';

/** Shows the progress of a long step on standard error, if that is a terminal. */
export interface Progress {
  /** Starts a step; without a total it only counts. */
  step(label: string, total?: number): void;
  update(value: number): void;
  stop(): void;
}

const SILENT: Progress = { step: () => {}, update: () => {}, stop: () => {} };
const LABEL_WIDTH = 22;
/** With its label and figures it fits 80 columns. */
const BAR_WIDTH = 30;

export function createProgress(isQuiet: boolean): Progress {
  // A dumb terminal moves no cursor.
  if (isQuiet || !process.stderr.isTTY || process.env.TERM === 'dumb') return SILENT;
  const bar = new SingleBar({ format, hideCursor: true, clearOnComplete: true }, Presets.shades_classic);
  return {
    step(label, total = 0) {
      bar.stop();
      bar.start(total, 0, { label });
    },
    update: (value) => bar.update(value),
    stop: () => bar.stop(),
  };
}

/** Shows progress during some work, and clears it afterwards. */
export async function withProgress<Result>(
  isQuiet: boolean,
  work: (progress: Progress) => Promise<Result>,
): Promise<Result> {
  const progress = createProgress(isQuiet);
  try {
    return await work(progress);
  } finally {
    progress.stop();
  }
}

interface Step {
  readonly progress: number;
  readonly value: number;
  readonly total: number;
}

function format(_: unknown, { progress, value, total }: Step, { label }: { readonly label: string }): string {
  if (total === 0) return value === 0 ? `${label} ...` : `${label} ${grouped(value)} ...`;
  const filled = Math.round(Math.min(1, progress) * BAR_WIDTH);
  const drawn = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  return `${label.padEnd(LABEL_WIDTH)} ${drawn} ${Math.round(progress * 100)} % of ${grouped(total)}`;
}
