import { randomUUID } from 'node:crypto';
import { ACCOUNT_ID, arnOf, REGION } from '../account.ts';
import type { ParameterChange } from '../emulators/parameter-store.ts';

/**
 * The event that EventBridge receives when a parameter changes. Source: Systems Manager User Guide, "Amazon EventBridge
 * event patterns and types for Systems Manager".
 */
export function parameterChangeEvent({ name, type, operation, description }: ParameterChange, nowMs: number) {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Parameter Store Change',
    source: 'aws.ssm',
    account: ACCOUNT_ID,
    time: new Date(nowMs).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    region: REGION,
    resources: [arnOf('ssm', `parameter${name.startsWith('/') ? '' : '/'}${name}`)],
    detail: { name, type, operation, ...(description !== undefined && { description }) },
  };
}
