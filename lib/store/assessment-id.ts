import { addressItemKey, type ItemKey } from './keys.ts';

/** Where a stored assessment is: its item, and its place among the item's verdicts. */
export interface AssessmentPlace {
  readonly address: string;
  /** Content hash of the message that led to it. */
  readonly message: string;
  readonly key: ItemKey;
  readonly index: number;
}

/** address / time of the latest connection / hash of the message / part / place in the item */
const ASSESSMENT_ID = /^([0-9a-f.:]+)\/(\d{1,15})\/([\w-]{22})\/(\d{1,4})\/(\d{1,6})$/;

/**
 * Names a stored assessment for people and commands. It derives from content, so that it stays the same when the
 * message comes again.
 */
export function assessmentId({ pk, sk }: ItemKey, index: number): string {
  const [, address] = pk.split('#');
  const [time, message, part] = sk.split('#');
  return `${address}/${Number(time)}/${message}/${part}/${index}`;
}

/** @returns undefined where the text is no assessment's id */
export function parseAssessmentId(id: string): AssessmentPlace | undefined {
  const match = ASSESSMENT_ID.exec(id);
  if (match === null) return undefined;
  const [, address = '', time, message = '', part, index] = match;
  return {
    address,
    message,
    key: addressItemKey(address, message, Number(time), Number(part)),
    index: Number(index),
  };
}
