import { eveFields, isEveEvent } from './eve-fields.ts';
import type { Fields, Sensed } from './sensed.ts';
import { isVpcEntry, vpcObjectFields } from './vpc-fields.ts';
import { isZeekEntry, zeekFields } from './zeek-fields.ts';

/**
 * Recognises a sensor's JSON by its fields: log shippers pass such objects on unchanged.
 *
 * @returns undefined if it matches no sensor
 */
export function sensorFields(value: Fields): Sensed | undefined {
  if (isZeekEntry(value)) return zeekFields(value);
  if (isEveEvent(value)) return eveFields(value);
  if (isVpcEntry(value)) return vpcObjectFields(value);
  return undefined;
}
