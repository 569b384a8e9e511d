/** The exports of `threat-consensus/cdk`: the service as a construct for other apps. */
export { ThreatConsensus } from './embedding/threat-consensus.ts';
export type { ThreatConsensusProps } from './embedding/threat-consensus-props.ts';
export type * from './service-settings.ts';
