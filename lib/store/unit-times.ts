/** How long a unit took, milliseconds. */
export interface UnitTimes {
  /** From the start of work on the unit to its verdicts. */
  readonly latency_ms: number;
  /** From the start of the invocation that received it until it was stored. */
  readonly stored_ms: number;
}

/** Writes both in one text: `12 45`. Two attributes would cost a summary's index entry another write unit. */
export function timesText({ latency_ms, stored_ms }: UnitTimes): string {
  return `${latency_ms} ${stored_ms}`;
}

/** @throws RangeError if the text is not two times */
export function readTimes(text: string): UnitTimes {
  const [latency_ms = Number.NaN, stored_ms = Number.NaN] = text.split(' ').map(Number);
  if (!Number.isFinite(latency_ms + stored_ms)) throw new RangeError(`no times: ${text.slice(0, 40)}`);
  return { latency_ms, stored_ms };
}
