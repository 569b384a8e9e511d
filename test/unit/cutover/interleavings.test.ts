import { describe, expect, it } from 'vitest';
import { type Cutover, effectivePercent } from '../../../lib/cutover/canary.ts';
import { cutoverText } from '../../../lib/cutover/plan-change.ts';
import { readSettings } from '../../../lib/cutover/settings.ts';
import { type Role, scheduleEvent } from '../../fixtures/cutover/actors.ts';
import { explore } from '../../fixtures/cutover/explore.ts';
import {
  type Actor,
  type Budgets,
  mayHaveForgotten,
  type World,
  type Written,
  worldOf,
} from '../../fixtures/cutover/world.ts';

/** Additional context switches of actors over the default: INTERLEAVINGS=1 takes a minute, 2 takes long. */
const MORE_SWITCHES = Number(process.env.INTERLEAVINGS ?? 0);

const set = (mode: 'legacy' | 'parallel' | 'consensus', percent?: number, isForced = false): Role => ({
  kind: 'set',
  wanted: { mode, percent, isForced, reason: '' },
});
const console = (change: object): Role => ({ kind: 'console', change });
const look = (number: number): Role => ({ kind: 'rollback', event: scheduleEvent(number) });

const CANARY = '{"mode":"parallel","consensusPercent":50,"minScorers":2}';

const LEGACY = '{"mode":"legacy","consensusPercent":0,"minScorers":2}';

interface Scenario {
  readonly roles: readonly Role[];
  /** Of the settings; null if unset. */
  readonly value?: string | null;
  /** Of the initial settings. */
  readonly initial?: string;
  readonly isAlarmOn?: boolean;
  readonly budgets: Budgets;
}

const budgets = (switches: number, alarmChanges: number, losses: number, kills: number): Budgets => ({
  switches: switches + MORE_SWITCHES,
  alarmChanges,
  losses,
  kills,
});

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'an operator, the schedule, and a process that is killed': {
    roles: [set('parallel', 90), look(1)],
    budgets: budgets(1, 1, 0, 1),
  },
  'an operator, and an answer that is lost': {
    roles: [set('parallel', 90)],
    budgets: budgets(1, 1, 1, 0),
  },
  'an operator, a lost answer and a killed process, nobody interrupted': {
    roles: [set('parallel', 90)],
    budgets: budgets(0, 1, 1, 1),
  },
  'an alarm that ends and goes off again': {
    roles: [set('parallel', 90)],
    budgets: budgets(0, 3, 1, 0),
  },
  'an operator against the alarm': {
    roles: [set('parallel', 90)],
    budgets: budgets(3, 1, 0, 0),
  },
  'two operators': {
    roles: [set('parallel', 90), set('consensus')],
    budgets: budgets(1, 1, 0, 0),
  },
  'an operator and somebody at the console': {
    roles: [set('parallel', 90), console({ minScorers: 3 })],
    budgets: budgets(1, 1, 0, 0),
  },
  'the console against the rollback': {
    roles: [console({ minScorers: 3, mode: 'consensus' }), look(1)],
    isAlarmOn: true,
    budgets: budgets(1, 1, 0, 1),
  },
  'the console against the rollback whose answers are lost': {
    roles: [console({ minScorers: 3, mode: 'consensus' }), look(1)],
    isAlarmOn: true,
    budgets: budgets(0, 1, 1, 0),
  },
  'force while the alarm is on': {
    roles: [set('consensus', undefined, true), look(1)],
    value: LEGACY,
    isAlarmOn: true,
    budgets: budgets(1, 2, 0, 0),
  },
  'force, and somebody else who goes forward without': {
    roles: [set('consensus', undefined, true), set('parallel', 60)],
    isAlarmOn: true,
    budgets: budgets(1, 1, 0, 0),
  },
  'a reset against the alarm': {
    roles: [{ kind: 'reset' }],
    budgets: budgets(2, 1, 0, 0),
  },
  'a reset, and somebody who goes forward': {
    roles: [{ kind: 'reset' }, set('parallel', 90)],
    budgets: budgets(1, 1, 0, 0),
  },
  'a reset, and somebody at the console while the alarm is on': {
    roles: [{ kind: 'reset' }, console({ minScorers: 3, mode: 'consensus' })],
    isAlarmOn: true,
    budgets: budgets(1, 0, 0, 0),
  },
  'a reset whose answers are lost': {
    roles: [{ kind: 'reset' }, look(1)],
    budgets: budgets(1, 1, 1, 0),
  },
  'a reset of which the process is killed': {
    roles: [{ kind: 'reset' }, look(1)],
    isAlarmOn: true,
    budgets: budgets(1, 1, 0, 1),
  },
  'two resets': {
    roles: [{ kind: 'reset' }, { kind: 'reset' }],
    budgets: budgets(1, 1, 0, 0),
  },
  'a reset to initial settings that use the consensus': {
    roles: [{ kind: 'reset' }, look(1)],
    initial: '{"mode":"parallel","consensusPercent":80,"minScorers":3}',
    budgets: budgets(1, 2, 0, 0),
  },
  'the first settings of two operators': {
    roles: [set('parallel', 20), set('parallel', 90)],
    value: null,
    initial: '{"mode":"parallel","consensusPercent":10,"minScorers":2}',
    budgets: budgets(1, 1, 0, 0),
  },
  'the first settings, whose answer is lost, against the rollback': {
    roles: [set('parallel', 20), look(1)],
    value: null,
    initial: '{"mode":"parallel","consensusPercent":10,"minScorers":2}',
    budgets: budgets(1, 1, 1, 0),
  },
  'initial settings that use the consensus, and two runs of which one is killed': {
    roles: [look(1), look(2)],
    value: null,
    initial: CANARY,
    isAlarmOn: true,
    budgets: budgets(1, 1, 0, 1),
  },
  'invalid settings': {
    roles: [look(1), look(2)],
    value: '{"mode":"turbo","minScorers":2}',
    isAlarmOn: true,
    budgets: budgets(1, 1, 0, 1),
  },
};

describe('over all interleavings', () => {
  it.each(Object.entries(SCENARIOS))('%s', { timeout: 3_600_000 }, async (name, scenario) => {
    const { value = CANARY, initial = LEGACY, isAlarmOn = false } = scenario;
    const statuses = new Set<string>();

    const { worlds, ends } = await explore(
      worldOf({ ...scenario, value: value ?? undefined, initial, isAlarmOn }),
      {
        onEnd: (world, n) => {
          const actor = world.actors[n];
          if (actor?.role.kind === 'set') expectTruth(actor, world);
          if (actor?.role.kind === 'reset') expectTruthOfReset(actor, world);
          // The alarm has stayed on, and the run began after the last write by anyone else.
          const isLast = actor?.end?.end === 'returned' && actor.isAlone === true;
          if (actor?.role.kind === 'rollback' && isLast) expectInOrder(world);
        },
        onRest: (world) => {
          statuses.add(`${world.alarm.state} ${seenText(world.history.at(-1), world)}`);
          expectInOrder(world);
          expectKept(world);
          expectPublished(world);
        },
      },
    );

    // Not vacuous: there are many interleavings, with different results.
    expect(worlds).toBeGreaterThan(100);
    expect(ends).toBeGreaterThan(10);
    expect(statuses.size).toBeGreaterThan(1);
    if (process.env.INTERLEAVINGS) process.stdout.write(`${name}: ${worlds} worlds, ${ends} ends\n`);
  });
});

/** While the alarm is on, the legacy score is used for all addresses, unless forced since then. */
function expectInOrder({ alarm, history, initial }: World): void {
  const last = history.at(-1) ?? { value: initial, changedAtMs: 0 };
  if (alarm.state !== 'ALARM') return;
  const read = readSettings(last.value);
  const isForced = read.ok && read.settings.forced === true && last.changedAtMs >= alarm.sinceMs;
  if (isForced) return;
  expect(read.ok && effectivePercent(read.settings)).toBe(0);
}

/**
 * A rollback's last write keeps the other settings of the last write by anyone else, or of the initial settings if
 * there was none or it was deleted.
 */
function expectKept({ history, initial, actors }: World): void {
  const last = history.at(-1);
  const chosen = history.findLast((each) => !isRollback(each, actors));
  if (last === undefined || !isRollback(last, actors)) return;
  expect(othersOf(last)).toEqual(othersOf(chosen ?? { value: initial }));
}

function isRollback({ actor, description }: Written, actors: readonly Actor[]): boolean {
  const kind = actors[actor]?.role.kind;
  // The command reverts its own change.
  return (
    kind === 'rollback' || ((kind === 'set' || kind === 'reset') && description.startsWith('rolled back'))
  );
}

function othersOf({ value }: { readonly value: string }): object {
  const { mode: _, consensusPercent: __, forced: ___, ...others } = JSON.parse(value);
  return others;
}

/** Every run that changed something published it; a run that changed nothing published only if an alarm invoked it. */
function expectPublished({ history, erased, actors, published }: World): void {
  for (const [n, actor] of actors.entries()) {
    const { role } = actor;
    if (role.kind !== 'rollback') continue;
    const own = published.filter((each) => each.startsWith(`${role.event.id}: `));
    const isOwn = ({ actor: writer }: Written) => writer === n;
    const written = [...erased, ...history].filter(isOwn);
    // A deleted history can't show the effect of an attempt with an unknown result.
    if (erased.some(isOwn) && mayHaveForgotten(actor)) continue;
    // A write that takes effect after its writer has given up may be published or not.
    if (written.some(({ isLate }) => isLate)) continue;
    if (written.length > 0) expect(own.some((each) => each.includes('rolled back to'))).toBe(true);
    else if (!role.event.id.startsWith('alarm')) expect(own).toEqual([]);
    else for (const each of own) expect(each).not.toContain('rolled back to');
  }
}

/** The command's output matches its last read. */
function expectTruth({ role, end, answers }: Actor, world: World): void {
  if (role.kind !== 'set' || end === undefined || end.end === 'killed') return;
  const looks = looksOf(answers);
  const last = looks.at(-1)?.at(-1);
  const shown = seenText(last, world);
  const { mode, percent } = role.wanted;
  const wanted = cutoverText({ mode, consensusPercent: percent ?? 0 });
  const isUnanswered = answers.some(({ ok }) => ok === false);
  if (end.end === 'returned') {
    expect(shown).toBe(`${wanted} (version ${String(end.result)})`);
    return;
  }
  const { message } = end;
  if (message.startsWith('the rollback alarm is ALARM: wait')) {
    expect(role.wanted.isForced).toBe(false);
  } else if (/^could not (read|write) /.test(message) || message === 'socket hang up') {
    // Before anything was written.
    expect(isUnanswered).toBe(true);
    expect(looks.length).toBeLessThan(isRefusedToCreate(answers) ? 3 : 2);
  } else if (message.startsWith('changed (version ')) {
    expect(isUnanswered).toBe(true);
    expect(shown).toBe(`${wanted} (version ${/version (\d+)/.exec(message)?.[1]})`);
  } else if (message.startsWith('it is not known whether the settings were changed')) {
    expect(isUnanswered).toBe(true);
    if (message.includes('they were last seen as')) expect(message).toContain(shown);
  } else if (/going back to legacy failed/.test(message)) {
    expect(isUnanswered).toBe(true);
  } else if (/at the same time: .+ is in force now/.test(message)) {
    expect(message).toContain(inForceText(last, world));
  } else {
    expect(message).toMatch(/^not (?:changed|in force): .*someone else, or a rollback, (?:has )?set it to /);
    expect(message).toContain(`set it to ${shown}`);
    // If someone else created exactly that, it was not the command's doing.
    if (!isRefusedToCreate(answers)) expect(textOf(last)).not.toBe(wanted);
  }
}

/** The reset's output matches its last read. */
function expectTruthOfReset({ end, answers }: Actor, world: World): void {
  if (end === undefined || end.end === 'killed') return;
  const last = looksOf(answers).at(-1)?.at(-1);
  const shown = seenText(last, world);
  const isUnanswered = answers.some(({ ok }) => ok === false);
  if (end.end === 'returned') {
    expect(last).toBeUndefined();
    return;
  }
  const { message } = end;
  if (message.startsWith('the rollback alarm is ALARM: wait')) {
    expect(effectivePercent(cutoverIn(world.initial))).toBeGreaterThan(0);
  } else if (/^could not (read|write) /.test(message) || message === 'socket hang up') {
    expect(isUnanswered).toBe(true);
  } else if (message.startsWith('reset, but the rollback alarm could not be checked')) {
    expect(isUnanswered).toBe(true);
  } else if (message.startsWith('it is not known whether the settings were reset')) {
    expect(isUnanswered).toBe(true);
    if (message.includes('they were last seen as')) expect(message).toContain(shown);
  } else if (/going back to legacy failed/.test(message)) {
    expect(isUnanswered).toBe(true);
  } else if (/at the same time: .+ is in force now/.test(message)) {
    expect(message).toContain(inForceText(last, world));
  } else {
    expect(message).toMatch(/^not (?:reset|in force): .*someone else, or a rollback, (?:has )?set it to /);
    expect(message).toContain(`set it to ${shown}`);
  }
}

function looksOf(
  answers: Actor['answers'],
): (readonly { readonly value: string; readonly version: number }[])[] {
  return answers.flatMap((answer) => (answer.ok === true && answer.history ? [answer.history] : []));
}

function isRefusedToCreate(answers: Actor['answers']): boolean {
  return answers.some((answer) => answer.ok === 'refused' && answer.error === 'ParameterAlreadyExists');
}

type Seen = { readonly value: string; readonly version: number } | undefined;

function seenText(last: Seen, { initial }: World): string {
  return last === undefined
    ? `${textOf({ value: initial })} (initial settings)`
    : `${textOf(last)} (version ${last.version})`;
}

function inForceText(last: Seen, { initial }: World): string {
  return last === undefined
    ? `${textOf({ value: initial })} is in force now (initial settings)`
    : `${textOf(last)} is in force now (version ${last.version})`;
}

function cutoverIn(value: string): Cutover {
  const read = readSettings(value);
  if (!read.ok) throw new Error(read.reason);
  return read.settings;
}

function textOf(written: { readonly value: string } | undefined): string {
  const read = readSettings(written?.value ?? '');
  return read.ok ? cutoverText(read.settings) : 'invalid';
}
