/** Prints how many calibration loops a second of CPU time takes: the median of several rounds after a warm-up. */
import { cpuMilliseconds } from '../cpu-time.ts';
import { medianOf } from '../quantiles.ts';
import { calibrationLoop, LOOP_CHECKSUM } from './loop.ts';

const LOOPS = 100;
const WARM_UP_ROUNDS = 4;
const ROUNDS = 9;

const rounds = Array.from({ length: WARM_UP_ROUNDS + ROUNDS }, () => cpuMilliseconds(runLoops));
process.stdout.write(`${(LOOPS / medianOf(rounds.slice(WARM_UP_ROUNDS))) * 1000}\n`);

function runLoops(): void {
  for (let n = 0; n < LOOPS; n++) {
    if (calibrationLoop() !== LOOP_CHECKSUM)
      throw new Error('the calibration loop did other work than it should');
  }
}
