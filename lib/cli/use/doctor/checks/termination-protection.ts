import type { Finding } from '../../../results/doctor.ts';
import type { Check } from '../check.ts';
import { fail, pass, skipped } from '../findings.ts';
import type { DescribedStack, Subject } from '../subject.ts';

export const terminationProtectionCheck: Check = {
  name: 'termination protection',
  parts: [],
  actions: ['cloudformation:DescribeStacks'],
  needsStacks: true,
  run: async ({ subject }) => judgeTerminationProtection(subject),
};

/** If data is retained, stacks should be protected from accidental deletion. */
export function judgeTerminationProtection({
  stacks,
  deployedWith,
}: Pick<Subject, 'stacks' | 'deployedWith'>): Finding {
  const described = stacks.filter(({ status }) => status !== undefined);
  if (deployedWith === undefined || described.length === 0) return skipped('unnamed');
  if (!deployedWith.isDataRetained) return skipped('disposable');
  const unprotected = described.filter(({ isProtected }) => !isProtected);
  if (unprotected.length === 0) return pass(`on for all ${described.length} stacks`);
  return fail(
    `off for ${unprotected.map(({ name }) => name).join(', ')}`,
    `list ${partsOf(unprotected)} in protectedStacks of the environment and deploy again`,
  );
}

function partsOf(stacks: readonly DescribedStack[]): string {
  return stacks.map(({ part }) => part).join(', ');
}
