import { startOperatorSimulator } from '../../demo/operator-simulator/simulator.js';
import { PlainOperator } from './plain-operator.js';

/** An operator whose own log says to which numbers it accepted a text, in order. */
export interface Judge {
  readonly url: string;
  readonly authToken: string;
  accepted(): readonly string[];
  stop(): Promise<void>;
}

/** The demo's simulator, and a server written apart from it that speaks the same protocol. */
export const JUDGES: Readonly<Record<'simulator' | 'another server', () => Promise<Judge>>> = {
  simulator: async () => {
    const authToken = 'the-token-of-the-simulator';
    const simulator = await startOperatorSimulator({
      accountSid: `AC${'0'.repeat(32)}`,
      authToken,
      control: { receipts: false },
    });
    return {
      url: simulator.url,
      authToken,
      accepted: () =>
        simulator.log().flatMap((entry) => (entry.kind === 'create' && entry.accepted ? [entry.to] : [])),
      stop: () => simulator.stop(),
    };
  },
  'another server': async () => {
    const operator = new PlainOperator();
    await operator.start();
    return {
      url: operator.url,
      authToken: operator.authToken,
      accepted: () => operator.accepted.map((message) => message.to),
      stop: () => operator.stop(),
    };
  },
};
