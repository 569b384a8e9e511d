import { ADDRESS_SHARDS, TIME_SHARDS } from '../../../store/table-schema.ts';
import { CliError } from '../../cli-error.ts';
import type { Scale, Traffic } from '../../results/scale.ts';
import { addressesPerDay, estimateScale } from './estimate-scale.ts';
import { recordCosts, type Service } from './traffic.ts';

/** The traffic options of a call; shares in percent. */
export interface TrafficOptions {
  readonly rate: number;
  readonly addresses: number;
  readonly hot: number;
  readonly single?: true;
  readonly newAddresses?: number;
}

/** The traffic that a call describes. */
export function trafficOf({ rate, addresses, hot, single, newAddresses }: TrafficOptions): Traffic {
  const addressShare = addresses / 100;
  return {
    rate,
    addressShare,
    hotShare: hot / 100,
    isSingle: single === true,
    newAddressesPerDay: newAddresses ?? addressesPerDay(rate, addressShare),
  };
}

/** What the traffic requires of the service as deployed. */
export async function scaleOf(traffic: Traffic): Promise<Scale> {
  return estimateScale(traffic, await deployedService(), recordCosts(traffic));
}

/** Taken from the templates, so that a changed batch size takes effect. */
async function deployedService(): Promise<Service> {
  const template = await import('../../../local/template/deployed-service.ts');
  const { definition } = await template.deployedService();
  const { work } = definition.queues;
  if (work.redrive === undefined) throw new CliError('the work queue has no dead-letter queue');
  return {
    batchSize: definition.eventSource.batchSize,
    batchingWindowSeconds: definition.eventSource.maximumBatchingWindowSeconds,
    visibilityTimeoutSeconds: work.visibilityTimeoutSeconds,
    maxReceiveCount: work.redrive.maxReceiveCount,
    addressShards: ADDRESS_SHARDS,
    timeShards: TIME_SHARDS,
  };
}
