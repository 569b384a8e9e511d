import { Presets, SingleBar } from 'cli-progress';

/** Shows how far a long step is; on a terminal only, on standard error. */
export interface Progress {
  /** Starts a step; an unknown total grows with the value. */
  step(label: string, total?: number): void;
  update(value: number, total?: number): void;
  stop(): void;
}

export function createProgress(isQuiet: boolean): Progress {
  if (isQuiet || !process.stderr.isTTY) return { step: () => {}, update: () => {}, stop: () => {} };
  const format = '{label} {bar} {percentage}% {value}/{total}';
  const bar = new SingleBar({ format, hideCursor: true, clearOnComplete: true }, Presets.shades_classic);
  return {
    step(label, total = 0) {
      bar.stop();
      bar.start(total, 0, { label: label.padEnd(22) });
    },
    update(value, total) {
      const known = total ?? bar.getTotal();
      bar.setTotal(Math.max(known, value));
      bar.update(value);
    },
    stop: () => bar.stop(),
  };
}
