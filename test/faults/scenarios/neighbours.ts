import { ensure, equal, type Fault } from '../fault.js';
import { oldWay } from '../old-way.js';
import type { Rig } from '../rig/rig.js';

const DUE = 20;

interface Comparison {
  readonly id: string;
  readonly title: string;
  readonly promise: string;
  /** What the old way must show for the comparison to mean anything. */
  readonly hole: 'lost' | 'duplicated' | 'early';
  /** The same fault for both: the operator, the hours, the death. */
  readonly fault: (rig: Rig, sender: Sender) => Promise<void>;
}

/** Both ways behind the same two words. */
interface Sender {
  plan(dueIn: string): Promise<void>;
  /** One pass of the scheduler, and everything it sends. */
  pass(): Promise<void>;
  /** A pass whose process dies when the operator has taken some of the texts. */
  dyingPass(): Promise<void>;
}

/** Plays the fault on the old way in its own table, then on ours; the judge of the run sees ours alone. */
async function compare(rig: Rig, { hole, fault }: Comparison): Promise<void> {
  const old = await oldWay(rig);
  await fault(rig, old);
  const holes = await old.holes();
  ensure(holes[hole] > 0, `the old way does not fail here: ${JSON.stringify(holes)}`);
  rig.notes.push(`the old way: lost ${holes.lost}, duplicated ${holes.duplicated}, early ${holes.early}`);
  rig.operator.accepted.length = 0;
  await rig.query('DELETE FROM clock_offset');
  const engine = await rig.engine();
  const early: number[] = [];
  await fault(rig, {
    plan: async (dueIn) => {
      await rig.plan(DUE, { dueIn });
    },
    dyingPass: async () => {
      equal(await rig.dyingWorker('after-operator-answered=kill-3'), 'SIGKILL', 'end of our worker');
      await rig.recover(engine);
    },
    pass: async () => {
      const before = rig.operator.accepted.length;
      await engine.drain();
      const due = await rig.count(`due_at > app_now() AND accepted_at IS NOT NULL`);
      if (rig.operator.accepted.length > before) early.push(due);
    },
  });
  await rig.recover(engine);
  equal(
    early.filter((count) => count > 0),
    [],
    'ours sent before its hour',
  );
}

const COMPARISONS: readonly Comparison[] = [
  {
    id: 'N1',
    title: 'neighbour: an outage of two hours, window of ± 1 h',
    promise: 'the old way loses reminders, ours does not',
    hole: 'lost',
    fault: async (rig, sender) => {
      await sender.plan('10 minutes');
      await rig.travel('3 hours');
      await sender.pass();
    },
  },
  {
    id: 'N2',
    title: 'neighbour: the scheduler takes what is due within the hour',
    promise: 'the old way sends early, ours does not',
    hole: 'early',
    fault: async (rig, sender) => {
      await sender.plan('50 minutes');
      await sender.pass();
      await rig.travel('51 minutes');
      await sender.pass();
    },
  },
  {
    id: 'N3',
    title: 'neighbour: the answer is lost and the job tries again',
    promise: 'the old way doubles, ours looks up first',
    hole: 'duplicated',
    fault: async (rig, sender) => {
      const taken = new Set<string>();
      rig.operator.behaviour = (to) => (taken.size < taken.add(to).size ? 'accept-then-reset' : 'accept');
      await sender.plan('0');
      await sender.pass();
    },
  },
  {
    id: 'N4',
    title: 'neighbour: recorded after the call, killed in between',
    promise: 'the old way sends again, ours knows its attempts',
    hole: 'duplicated',
    fault: async (_rig, sender) => {
      await sender.plan('0');
      await sender.dyingPass();
      await sender.pass();
    },
  },
];

export const NEIGHBOURS: readonly Fault[] = COMPARISONS.map((comparison) => ({
  id: comparison.id,
  title: comparison.title,
  promise: comparison.promise,
  tier: 'core',
  backends: ['postgres'],
  run: (rig) => compare(rig, comparison),
}));
