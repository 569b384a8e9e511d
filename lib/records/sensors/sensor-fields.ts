import { eveFields, isEveEvent } from './eve-fields.ts';
import type { Fields, Sensed } from './sensed.ts';
import { isVpcEntry, vpcObjectFields } from './vpc-fields.ts';
import { isZeekEntry, zeekFields } from './zeek-fields.ts';

/**
 * Reads an object as what one of the sensors writes as JSON, told by its fields: log shippers send such objects as
 * they are.
 *
 * @returns undefined if it is none of theirs
 */
export function sensorFields(value: Fields): Sensed | undefined {
  if (isZeekEntry(value)) return zeekFields(value);
  if (isEveEvent(value)) return eveFields(value);
  if (isVpcEntry(value)) return vpcObjectFields(value);
  return undefined;
}
