import { parseAssessmentId } from '../../../store/assessment-id.ts';
import { type GroundTruth, type Label, writeLabel } from '../../../store/labels.ts';
import { CliError } from '../../cli-error.ts';
import { openTable } from '../target/open-target.ts';
import type { TargetOptions } from '../target/resources.ts';
import { applyLabel, type LabelEffect } from './apply-label.ts';
import { labelledSubject } from './labelled-subject.ts';

export interface AddLabelOptions extends TargetOptions {
  /** Whether the label records a detected incident. */
  readonly incident?: true;
}

export interface AddedLabel {
  readonly label: Label;
  readonly effect: LabelEffect;
}

/**
 * Stores a human's label of an address or an assessment with the current votes, then applies its effects. If that
 * fails, repeating the call does both again.
 *
 * @throws {CliError} if the subject or the truth is invalid, or nothing is stored about the subject
 */
export async function addLabel(
  subject: string,
  truth: string,
  options: AddLabelOptions,
): Promise<AddedLabel> {
  if (!isGroundTruth(truth)) throw new CliError(`"${truth}" is neither malicious nor benign`, 2);
  const table = await openTable(options);
  const nowMs = Date.now();
  const { read, id, isAddress } = await labelledSubject(table, subject, nowMs);
  const name = parseAssessmentId(id);
  if (name === undefined) throw new TypeError(`${id} was read and is not the id of an assessment`);
  const label = await writeLabel(table, name, read, {
    label: truth,
    isOfAddress: isAddress,
    incidentDetected: options.incident === true,
    labelledAtMs: nowMs,
  });
  return { label, effect: await applyLabel(table, label, read) };
}

function isGroundTruth(text: string): text is GroundTruth {
  return text === 'malicious' || text === 'benign';
}
