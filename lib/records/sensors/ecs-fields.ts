import { type Fields, type Sensed, set, setTransport, sumOfBytes } from './sensed.ts';
import { vpcState } from './vpc-fields.ts';
import { zeekState } from './zeek-fields.ts';

/**
 * Whether an object is an Elastic Common Schema event (https://www.elastic.co/docs/reference/ecs) with two sides, as
 * Filebeat's modules and Elastic's integrations write it.
 */
export function isEcsEvent(event: Fields): boolean {
  return memberOf(event, 'source.ip') !== undefined && memberOf(event, 'destination.ip') !== undefined;
}

/**
 * Reads an ECS event. Connections are the data sets of Zeek's connections, Suricata's flows and VPC flow logs, and any
 * other source's events with a transport and without an application's request.
 */
export function ecsFields(event: Fields): Sensed {
  const of = (path: string) => memberOf(event, path);
  const what = otherKind(of);
  if (what !== undefined) return { kind: 'other', what };
  const fields: Fields = {};
  set(fields, 'timestamp', of('event.start') ?? of('@timestamp'));
  set(fields, 'id', of('zeek.session_id') ?? of('suricata.eve.flow_id') ?? of('flow.id'));
  set(fields, 'src_ip', of('source.ip'));
  set(fields, 'dst_ip', of('destination.ip'));
  setTransport(
    fields,
    of('network.transport') ?? of('network.iana_number'),
    numeric(of('source.port')),
    numeric(of('destination.port')),
  );
  const bytes = sumOfBytes(numeric(of('source.bytes')), numeric(of('destination.bytes')));
  set(fields, 'bytes', bytes ?? numeric(of('network.bytes')));
  set(fields, 'local_orig', of('zeek.connection.local_orig'));
  set(fields, 'local_resp', of('zeek.connection.local_resp'));
  set(fields, 'bytes_out', numeric(of('source.bytes')));
  set(fields, 'bytes_in', numeric(of('destination.bytes')));
  set(fields, 'state', zeekState(of('zeek.connection.state')) ?? vpcState(of('aws.vpcflow.action')));
  set(fields, 'service', of('network.protocol'));
  set(fields, 'action', of('aws.vpcflow.action'));
  return { kind: 'connection', fields };
}

type Of = (path: string) => unknown;

/** The last part of a data set's name, which says what it holds: `connection` in `zeek.connection`. */
const CONNECTION_SETS = /^(?:connection|conn|flow|netflow|vpcflow|log|eve)$/;

function otherKind(of: Of): string | undefined {
  const eve = of('suricata.eve.event_type');
  if (typeof eve === 'string') return eve === 'flow' || eve === 'netflow' ? undefined : eve;
  const dataset = of('event.dataset') ?? of('data_stream.dataset');
  const name = typeof dataset === 'string' ? (dataset.split('.').at(-1) ?? '') : 'flow';
  if (of('event.module') === 'zeek' || String(dataset).startsWith('zeek.')) {
    return CONNECTION_SETS.test(name) ? undefined : name;
  }
  if (of('network.transport') !== undefined || of('network.iana_number') !== undefined) {
    return of('dns.question.name') === undefined && of('http.request.method') === undefined
      ? undefined
      : name;
  }
  return CONNECTION_SETS.test(name) ? undefined : name;
}

/** Reads a member by path, from nested objects or from a dotted name. */
function memberOf(event: Fields, path: string): unknown {
  const flat = event[path];
  if (flat !== undefined) return flat ?? undefined;
  let value: unknown = event;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Fields)[name];
  }
  return value ?? undefined;
}

function numeric(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
}
