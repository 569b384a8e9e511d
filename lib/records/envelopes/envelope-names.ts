import type { Fields } from '../sensors/sensed.ts';

/** An envelope without entries: its kind and how to fix it. */
export interface EmptyEnvelope {
  readonly kind: 'skipped' | 'invalid';
  /** Its kind if it is skipped, else a one-line reason. */
  readonly text: string;
}

/** Recognises service messages that never hold entries. */
export function emptyEnvelope(value: Fields): EmptyEnvelope | undefined {
  if (value.Event === 's3:TestEvent') return { kind: 'skipped', text: 's3:TestEvent' };
  if (value.messageType === 'CONTROL_MESSAGE') return { kind: 'skipped', text: 'CONTROL_MESSAGE' };
  if ('query_name' in value && 'query_timestamp' in value) return { kind: 'skipped', text: 'Route 53 query' };
  const text = refusalOf(value);
  return text === undefined ? undefined : { kind: 'invalid', text };
}

function refusalOf(value: Fields): string | undefined {
  const { Type: type, Records: records, source } = value;
  if (type === 'SubscriptionConfirmation' || type === 'UnsubscribeConfirmation') {
    return `an SNS ${type}, not a notification: visit its SubscribeURL to confirm the subscription`;
  }
  const first = (Array.isArray(records) ? records[0] : undefined) as Fields | null | undefined;
  if (isObject(first?.s3)) return `an S3 event${S3_ADVICE}`;
  if (source === 'aws.s3' && isObject(value.detail)) return `an EventBridge event of S3${S3_ADVICE}`;
  if (typeof first?.eventVersion === 'string' && typeof first.eventName === 'string') {
    return 'a CloudTrail log, which holds AWS API calls and no connections';
  }
  if (typeof value.AlarmName === 'string' && typeof value.NewStateValue === 'string') {
    return 'a CloudWatch alarm, which holds no connections: remove the queue from its actions';
  }
  return foreignFlow(value, (value.records as unknown[] | undefined)?.[0]);
}

/** Connections in formats that are not supported. */
function foreignFlow({ class_uid: ocsf, jsonPayload: google }: Fields, first: unknown): string | undefined {
  const { category } = (first ?? {}) as Fields;
  const name =
    (ocsf !== undefined && 'an OCSF event') ||
    (isObject((google as Fields | undefined)?.connection) && 'a Google Cloud flow log') ||
    (/FlowEvent$|^FlowLog/.test(String(category)) && 'an Azure flow log');
  return name ? `${name}, which is not supported` : undefined;
}

const S3_ADVICE =
  ', which names a file and holds no connections: read the file with `threat-consensus push`, and do not send such ' +
  'notifications to this queue';

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** Describes text in an envelope that is not an entry, and which setting fixes it. */
export function problemOfText(text: string): string {
  const known = knownProblemOfText(text);
  if (known !== undefined) return known;
  return text.trimStart().startsWith('{')
    ? 'not a connection, or truncated'
    : 'not JSON: have the shipper send what the sensor wrote';
}

/** Describes text that is not JSON and which setting fixes it; undefined if the text is not recognised. */
export function knownProblemOfText(text: string): string | undefined {
  const line = text.trim();
  if (/^(?:\d+\.\d+|\d{4}-\d\d-\d\dT[\d:.]+Z?)\t[CF-]/.test(line)) {
    return 'columns of a Zeek log, which mean nothing without their header: have Zeek write JSON (LogAscii::use_json=T)';
  }
  if (/^#(?:separator|fields|types|path|open|close|set_separator|empty_field|unset_field)\b/.test(line)) {
    return 'the header of a Zeek log: have Zeek write JSON (LogAscii::use_json=T)';
  }
  if (
    /^(?:\S+\s+){5,}\S+$/.test(line) &&
    /\b\d{1,3}(?:\.\d{1,3}){3}\s+\d{1,3}(?:\.\d{1,3}){3}\b/.test(line)
  ) {
    return 'a flow log line in a custom order: send it in the default format, or as JSON';
  }
  if (/^<\d/.test(line) || /^\w{3} [ \d]\d \d\d:/.test(line)) {
    return 'text with a syslog header: have the shipper parse it, and send the JSON in it';
  }
  return undefined;
}
